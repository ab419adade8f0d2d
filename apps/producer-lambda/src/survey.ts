import {
  type CsvFormat,
  detectFormat,
  HEAD_BYTES,
  type NotCsv,
  parseSegment,
  type SplitResult,
  splitObject,
} from '@rowferry/csv';
import { type HeaderMap, readHeader, type UploadFailure } from '@rowferry/roster';

/** What one pass over a file tells: how to read it, where its columns stand, and where to cut it. */
export type Survey = { format: CsvFormat; split: SplitResult; header: HeaderMap };

/** The file as a whole cannot be read; its author must mend it. */
export class UnreadableFileError extends Error {
  override readonly name = 'UnreadableFileError';
  readonly failure: UploadFailure;

  constructor(failure: UploadFailure) {
    super(failure.detail);
    this.failure = failure;
  }
}

/**
 * Reads a whole file once, as a stream.
 *
 * @throws UnreadableFileError when it is empty, no CSV, or its header does not give every column.
 */
export async function survey(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<Survey> {
  const { head, all } = await peek(chunks, HEAD_BYTES);
  const format = detectFormat(head);
  if (!format.ok) throw new UnreadableFileError(notCsv(format));
  const split = await splitObject(all, format);
  const first = firstRecord(head, format, split);
  if (first === undefined) throw new UnreadableFileError(EMPTY_FILE);
  const result =
    'fields' in first ? readHeader(first.fields) : { ok: false as const, failure: brokenHeader(first.error.message) };
  if (!result.ok) throw new UnreadableFileError(result.failure);
  return { format, split, header: result.header };
}

/** The first `size` bytes, and all bytes from the beginning. Memory: `size` and one chunk. */
async function peek(chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, size: number) {
  const source = iterate(chunks);
  const seen: Uint8Array[] = [];
  let length = 0;
  while (length < size) {
    const { value, done } = await source.next();
    if (done) break;
    seen.push(value);
    length += value.byteLength;
  }
  const head = Buffer.concat(seen);
  async function* all() {
    yield head;
    yield* source;
  }
  return { head: head.subarray(0, size), all: all() };
}

async function* iterate(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
): AsyncGenerator<Uint8Array, undefined> {
  yield* chunks;
}

function firstRecord(head: Uint8Array, { dataOffset, delimiter, firstLine }: CsvFormat, { encoding }: SplitResult) {
  const records = parseSegment(head.subarray(dataOffset), { delimiter, encoding, firstLine }).next();
  return records.done ? undefined : records.value[0];
}

const EMPTY_FILE: UploadFailure = { code: 'empty_file', detail: 'The file is empty. Send one with a header and rows.' };

function notCsv({ kind }: NotCsv): UploadFailure {
  const detail = `The file is not CSV text; it looks like ${kind}. In Excel: File → Save as → CSV UTF-8, then send that file.`;
  return { code: 'not_csv', detail };
}

function brokenHeader(reason: string): UploadFailure {
  return { code: 'missing_columns', detail: `The header cannot be read: ${reason}.` };
}
