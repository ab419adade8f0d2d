import { TimeSlice } from '@rowferry/runtime';
import { RecordCursor } from './cursor.ts';
import { BOUNDS } from './dialect.ts';
import type { CsvRecord, ParseOptions } from './parse.ts';
import { RecordScanner } from './scanner.ts';
import { toUnits, unitBytes } from './units.ts';

/** A record of the beginning of a file: where it stands in the bytes, and the physical line on which it starts. */
export type FoundRecord = { start: number; end: number; line: number };

/** Steps of the scanner between two looks at the clock. */
const STEPS_PER_LOOK = 64;

/**
 * The first records of `bytes`, `count` at most, that begin before `within`.
 *
 * @param isWhole whether the file ends with `bytes`. If not, only records are found that are the same however it goes on.
 */
export async function findFirstRecords(
  bytes: Uint8Array,
  { delimiter, encoding, quoting = 'double', firstLine }: ParseOptions,
  { isWhole, count, within = bytes.byteLength }: { isWhole: boolean; count: number; within?: number },
): Promise<FoundRecord[]> {
  const scanner = new RecordScanner(delimiter, firstLine, BOUNDS, quoting);
  scanner.load(toUnits(bytes, encoding), isWhole);
  const width = unitBytes(encoding);
  const slice = new TimeSlice();
  const found: FoundRecord[] = [];
  let steps = 0;
  for (let step = scanner.next(); step !== 'end' && step !== 'more'; step = scanner.next()) {
    if (++steps % STEPS_PER_LOOK === 0 && slice.isOver) await slice.next();
    const start = scanner.start * width;
    if (start >= within) break;
    // How a broken record ends is not known before the file goes on.
    if (step === 'broken' && !isWhole) break;
    if (step === 'blank') continue;
    found.push({ start, end: scanner.end * width, line: scanner.line });
    if (found.length === count) break;
  }
  return found;
}

/** The record that was found there. */
export async function readFoundRecord(
  bytes: Uint8Array,
  { start, end, line }: FoundRecord,
  options: ParseOptions,
): Promise<CsvRecord> {
  const record = await new RecordCursor(bytes.subarray(start, end), { ...options, firstLine: line }).seek(line);
  if (record === undefined) throw new Error(`the record on line ${line}, found by scanning, is not there`);
  return record;
}
