import type { CsvFormat } from './detect.ts';
import { BOUNDS } from './dialect.ts';
import { RecordScanner } from './scanner.ts';
import { toUnits, unitBytes } from './units.ts';

/** The bytes of a record, or of all from a broken one on, and the physical line on which it starts. */
export type FirstRecord = { bytes: Uint8Array; line: number };

/**
 * The first record of a file of which only the beginning is there: it is the same however the file goes on.
 *
 * @param isWhole whether `head` is all of the file.
 * @returns undefined when no record ends in `head`, or when it is broken as far as `head` goes; of a whole file: when there
 * is no record in it.
 */
export function findFirstRecord(head: Uint8Array, format: CsvFormat, isWhole: boolean): FirstRecord | undefined {
  const { encoding, delimiter, quoting, dataOffset, firstLine } = format;
  const data = head.subarray(dataOffset);
  const scanner = new RecordScanner(delimiter, firstLine, BOUNDS, quoting);
  scanner.load(toUnits(data, encoding), isWhole);
  let step = scanner.next();
  while (step === 'blank') step = scanner.next();
  const width = unitBytes(encoding);
  const start = scanner.start * width;
  if (step === 'record') return { bytes: data.subarray(start, scanner.end * width), line: scanner.line };
  return step === 'broken' && isWhole ? { bytes: data.subarray(start), line: scanner.line } : undefined;
}
