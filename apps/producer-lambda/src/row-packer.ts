import { encodeRow, encodeRowsHead } from '@rowferry/messages';
import type { Row } from '@rowferry/roster';

/** SQS prices a request by 64 KiB (https://aws.amazon.com/sqs/pricing/): a message stays below it, its envelope included. */
const MESSAGE_BYTES = 63 * 1024;

/** Packs consecutive rows of a segment into messages. */
export class RowPacker {
  readonly #head: string;
  readonly #rowsPerMessage: number;
  #rows: string[] = [];
  #bytes = 0;

  constructor({ uploadId, segment, rowsPerMessage }: { uploadId: string; segment: number; rowsPerMessage: number }) {
    this.#head = encodeRowsHead({ uploadId, segment });
    this.#rowsPerMessage = rowsPerMessage;
  }

  /** Adds a row; returns the body of a message when one is full. */
  add(row: Row): string | undefined {
    const json = encodeRow(row);
    const bytes = Buffer.byteLength(json);
    const full =
      this.#rows.length === this.#rowsPerMessage || (this.#rows.length > 0 && this.#bytes + bytes > MESSAGE_BYTES);
    const body = full ? this.take() : undefined;
    this.#rows.push(json);
    this.#bytes += bytes + 1;
    return body;
  }

  /** The body of a message with the rows that are left, if any. */
  take(): string | undefined {
    if (this.#rows.length === 0) return undefined;
    const body = `${this.#head}${this.#rows.join(',')}]}`;
    this.#rows = [];
    this.#bytes = 0;
    return body;
  }
}
