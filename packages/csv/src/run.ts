import { parse } from 'csv-parse/sync';
import { decode } from './decode.ts';
import { CR, type Delimiter, type Encoding, LF, type Quoting } from './dialect.ts';
import { repairRecord } from './repair.ts';
import { unitBytes } from './units.ts';

/** The bytes that a run is a part of, and how to read them. */
export interface Source {
  bytes: Uint8Array;
  encoding: Encoding;
  delimiter: Delimiter;
  quoting: Quoting;
}

/**
 * csv-parse set to keep the scanner's rules. The line ends are named because it otherwise settles on the first that it sees;
 * quotes inside an unquoted field are characters; how many fields a record has is for the caller to judge (a record that has
 * other than the first of its run costs csv-parse an Error object, some 20 µs: 87,000 rows/s where every second record is odd).
 */
const CSV_PARSE_OPTIONS = {
  record_delimiter: ['\r\n', '\n', '\r'],
  relax_column_count: true,
  relax_quotes: true,
  trim: true,
};

const LINE_END = /(?:\r\n|\r|\n)$/;

export interface ParsedRecord {
  line: number;
  fields: string[];
}

/** Consecutive records as the scanner found them, waiting to be given to csv-parse in one call. */
export class Run {
  readonly #source: Source;
  #start = 0;
  /** For each record and blank line: its end in units, its line (0: blank), and whether it must be repaired. */
  #ends: number[] = [];
  #lines: number[] = [];
  #irregular: boolean[] = [];

  constructor(source: Source) {
    this.#source = source;
  }

  get records(): number {
    return this.#lines.length;
  }

  /** How many units it spans. */
  get length(): number {
    return (this.#ends.at(-1) ?? this.#start) - this.#start;
  }

  add(record: { start: number; end: number; line: number; irregular: boolean }): void {
    if (this.#lines.length === 0) this.#start = record.start;
    this.#ends.push(record.end);
    this.#lines.push(record.line);
    this.#irregular.push(record.irregular);
  }

  /** A blank line between two records stays in the run: csv-parse sees it too, and `take` leaves it out. */
  addBlank(line: { end: number }): void {
    if (this.#lines.length === 0) return;
    this.#ends.push(line.end);
    this.#lines.push(0);
    this.#irregular.push(false);
  }

  /**
   * The records of the run, in order; the run is empty afterwards.
   * Throws if csv-parse does not find exactly the records that the scanner found: that would be a bug here, and going on
   * would give rows the wrong line or lose them.
   */
  take(): ParsedRecord[] {
    while (this.#lines.at(-1) === 0) this.#drop();
    const lines = this.#lines;
    const rows =
      lines.length === 0 ? [] : parse(this.#input(), { ...CSV_PARSE_OPTIONS, delimiter: this.#source.delimiter });
    if (rows.length !== lines.length) {
      throw new Error(
        `csv-parse found ${rows.length} records where the scanner found ${lines.length}, from line ${lines[0]} on: a bug in @rowferry/csv`,
      );
    }
    const records: ParsedRecord[] = [];
    for (const [i, fields] of rows.entries()) {
      const line = lines[i] ?? 0;
      if (line > 0) records.push({ line, fields });
    }
    this.#ends = [];
    this.#lines = [];
    this.#irregular = [];
    return records;
  }

  #drop(): void {
    this.#ends.pop();
    this.#lines.pop();
    this.#irregular.pop();
  }

  /** What csv-parse is given: the bytes themselves where they are UTF-8 with nothing to repair, which is almost always. */
  #input(): Buffer | string {
    const { encoding, quoting } = this.#source;
    if (quoting !== 'double' || this.#irregular.includes(true)) return this.#repaired();
    const bytes = this.#bytes(this.#start, this.#ends.at(-1) ?? this.#start);
    // Without a line end csv-parse drops a last record that is nothing but (non-ASCII) white space.
    if (encoding !== 'utf-8' || !isLineEnd(bytes.at(-1))) return withLineEnd(decode(bytes, encoding));
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  #repaired(): string {
    const { encoding, delimiter, quoting } = this.#source;
    let text = '';
    let start = this.#start;
    for (const [i, end] of this.#ends.entries()) {
      const record = decode(this.#bytes(start, end), encoding);
      if (quoting === 'double' && !this.#irregular[i]) text += withLineEnd(record);
      else if (this.#lines[i] === 0) text += '\n';
      else text += `${repairRecord(record.replace(LINE_END, ''), delimiter, quoting)}\n`;
      start = end;
    }
    return text;
  }

  #bytes(start: number, end: number): Uint8Array {
    const { bytes, encoding } = this.#source;
    return bytes.subarray(start * unitBytes(encoding), end * unitBytes(encoding));
  }
}

function isLineEnd(byte: number | undefined): boolean {
  return byte === LF || byte === CR;
}

function withLineEnd(text: string): string {
  return LINE_END.test(text) ? text : `${text}\n`;
}
