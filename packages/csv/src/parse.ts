import { type BrokenRecord, describeBroken } from './broken.ts';
import { BOUNDS, type Bounds, type Delimiter, type Encoding, type Quoting } from './dialect.ts';
import { type ParsedRecord, Run } from './run.ts';
import { RecordScanner } from './scanner.ts';
import { endsWithinCharacter, toUnits } from './units.ts';

/** One record of a file: its fields, trimmed where they were not quoted; or why it has none. `line`: see {@link Segment}. */
export type CsvRecord = ParsedRecord | BrokenRecord;

export interface ParseOptions {
  delimiter: Delimiter;
  /** That of the whole file, from {@link splitObject}. */
  encoding: Encoding;
  /** Without it: `double`. */
  quoting?: Quoting | undefined;
  /** The physical line on which the segment starts. */
  firstLine: number;
  /** For tests only: everything that reads a file must use the same. */
  bounds?: Bounds;
}

/**
 * How many records go to csv-parse in one call. Measured on 200,000 rows of 77 bytes, one core of this machine: 64 a call
 * 342,000 rows/s, 256 407,000, 1,024 439,000, 8,192 445,000, all at once 407,000. Its sync call is what is measured.
 */
const RECORDS_PER_RUN = 512;

/**
 * And how many units at most, a single record of up to 256 Ki excepted: csv-parse takes 10 to 150 ns a unit, and nothing else
 * runs meanwhile.
 */
const UNITS_PER_RUN = 64 * 1024;

/** How many units are scanned in one go where there is nothing to parse: blank lines. Some 5 ms. */
const UNITS_PER_STRETCH = 256 * 1024;

/**
 * The records of one segment in file order, in arrays of up to some hundreds; an array is empty where a long stretch has no
 * record. Between two arrays lie no more than some 50 ms of work, mostly 1 ms: who reads many must let others run.
 * `bytes`: exactly the segment's bytes. Byte order mark and `sep=` line lie before the first segment and are no records;
 * the header is the first record of the first segment. Blank lines give nothing.
 * Throws only if scanner and csv-parse disagree (see {@link Run}): nothing in a file is an exception.
 */
export function* parseSegment(bytes: Uint8Array, options: ParseOptions): Generator<CsvRecord[], void, undefined> {
  const { delimiter, encoding, quoting = 'double', firstLine, bounds = BOUNDS } = options;
  const source = { bytes, encoding, delimiter, quoting };
  const units = toUnits(bytes, encoding);
  const scanner = new RecordScanner(delimiter, firstLine, bounds, quoting, encoding);
  scanner.load(units, true, endsWithinCharacter(units, encoding, bytes.byteLength));
  const run = new Run(source);
  let batch: CsvRecord[] = [];
  let begun = 0;
  for (let step = scanner.next(); step !== 'end'; step = scanner.next()) {
    const isBroken = step === 'broken' || scanner.isCut;
    if (step === 'record' && run.length > 0 && run.length + scanner.end - scanner.start > UNITS_PER_RUN) {
      batch.push(...run.take());
      yield batch;
      batch = [];
      begun = scanner.start;
    }
    if (isBroken) batch.push(...run.take(), describeBroken(units, scanner, source, bounds));
    else if (step === 'record') run.add(scanner);
    if (run.records + batch.length >= RECORDS_PER_RUN || scanner.end - begun >= UNITS_PER_STRETCH) {
      batch.push(...run.take());
      yield batch;
      batch = [];
      begun = scanner.end;
    }
  }
  batch.push(...run.take());
  if (batch.length > 0) yield batch;
}
