import type { CsvRecord } from '@rowferry/csv';
import { type ReadableSegment, readRecords } from './read-rows.ts';

/** Reads bytes of the file, `end` excluded. */
export type ReadRange = (range: { start: number; end: number }) => Promise<Uint8Array>;

/**
 * Finds records of a file by their lines, asked for in ascending order. Only segments that hold such a line are read, one
 * at a time.
 */
export class RecordFinder {
  readonly #segments: readonly ReadableSegment[];
  readonly #read: ReadRange;
  #next = 0;
  #records: Iterator<CsvRecord, void> = [].values();
  #record: CsvRecord | undefined;

  constructor(segments: readonly ReadableSegment[], read: ReadRange) {
    this.#segments = segments;
    this.#read = read;
  }

  /** The record that starts on this line, if one does. `line` must not be less than that of the call before. */
  async find(line: number): Promise<CsvRecord | undefined> {
    await this.#enterSegmentOf(line);
    while (this.#record !== undefined && this.#record.line < line) this.#advance();
    return this.#record?.line === line ? this.#record : undefined;
  }

  async #enterSegmentOf(line: number): Promise<void> {
    const after = this.#segments.findIndex(({ firstLine }) => firstLine > line);
    const wanted = (after === -1 ? this.#segments.length : after) - 1;
    const segment = this.#segments[wanted];
    if (segment === undefined || wanted < this.#next) return;
    this.#records = readRecords(segment, await this.#read(segment));
    this.#next = wanted + 1;
    this.#advance();
  }

  #advance(): void {
    const { value, done } = this.#records.next();
    this.#record = done ? undefined : value;
  }
}
