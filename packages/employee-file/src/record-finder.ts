import { type CsvRecord, RecordCursor } from '@rowferry/csv';
import type { ReadableSegment } from './read-rows.ts';

/** Reads bytes of the file, `end` excluded. */
export type ReadRange = (range: { start: number; end: number }) => Promise<Uint8Array>;

/**
 * Finds records of a file by their lines, asked for in ascending order. Only segments that hold such a line are read, one
 * at a time.
 */
export class RecordFinder {
  readonly #segments: readonly ReadableSegment[];
  readonly #read: ReadRange;
  /** Index of the segment that the cursor is in. */
  #current = -1;
  #cursor: RecordCursor | undefined;

  constructor(segments: readonly ReadableSegment[], read: ReadRange) {
    this.#segments = segments;
    this.#read = read;
  }

  /**
   * The record that starts on this line, if one does; the header is one too. `line` must not be less than that of the
   * call before.
   */
  async find(line: number): Promise<CsvRecord | undefined> {
    const wanted = this.#segments.findLastIndex(({ firstLine }) => firstLine <= line);
    const segment = this.#segments[wanted];
    if (segment !== undefined && wanted !== this.#current) {
      this.#cursor = new RecordCursor(await this.#read(segment), segment);
      this.#current = wanted;
    }
    return this.#cursor?.seek(line);
  }
}
