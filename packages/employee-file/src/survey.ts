import {
  type CsvFormat,
  type Delimiter,
  detectFormat,
  headerCells,
  type ParseOptions,
  RecordCursor,
  type SplitResult,
  splitObject,
  withoutEndMark,
} from '@rowferry/csv';
import type { Detected, ReadSettings } from '@rowferry/messages';
import {
  type ColumnSources,
  type Header,
  profileMismatch,
  readHeader,
  type UploadFailure,
  type Warning,
} from '@rowferry/roster';
import { detachBuffers } from './detach-buffers.ts';
import { type Chunks, peek } from './peek.ts';
import { EMPTY_FILE, notCsv, UnreadableFileError } from './unreadable-file.ts';

/** The result of one pass over a file: how to read it, where its columns are, where to cut it, and what was guessed. */
export type Survey = { format: CsvFormat; split: SplitResult; header: Header; warnings: Warning[] };

/** How far into a file its header may begin, in bytes. */
const HEADER_BEGINS_WITHIN = 512 * 1024;
/** Bytes held of a file until its encoding is known: the header is at most 512 KiB, the longest record in UTF-16. */
const HEADER_BYTES = HEADER_BEGINS_WITHIN + 512 * 1024;

/**
 * Reads a whole file once.
 *
 * @param chunks those of a stream are used up: nobody can read them afterwards. Those of an array stay as they are.
 * @param settings what is stated about it; the rest is detected.
 * @throws UnreadableFileError when it is empty, no CSV, or its header does not give every column.
 */
export async function survey(chunks: Chunks, settings: ReadSettings = {}): Promise<Survey> {
  const { head, all, close } = await peek(withoutEndMark(chunks), HEADER_BYTES);
  const format = detectFormat(head, namesEveryColumn, settings);
  if (!format.ok) {
    await close();
    throw new UnreadableFileError(notCsv(format));
  }
  const ownChunks = Symbol.asyncIterator in chunks;
  const split = await splitObject(ownChunks ? detachBuffers(all, head) : all, format);
  return { format, split, header: await headerOf(head, format, split, settings), warnings: [] };
}

/** Whether the cells of a first record are a header that can be read: it decides on the delimiter. */
export function namesEveryColumn(cells: readonly string[]): boolean {
  const result = readHeader(cells);
  return result.ok && result.header.map.hasHeader;
}

/** The encoding is known only now, from the whole file; so only now can the header be read. */
async function headerOf(
  head: Uint8Array,
  { delimiter, headerDelimiter, quoting }: CsvFormat,
  { segments, encoding }: SplitResult,
  settings: ReadSettings,
): Promise<Header> {
  const [first] = segments;
  if (first === undefined) throw new UnreadableFileError(EMPTY_FILE);
  const { start, end, firstLine } = first;
  if (start > HEADER_BEGINS_WITHIN)
    throw new UnreadableFileError(noHeader('nothing but empty lines in the first 512 KiB'));
  const options = { delimiter, headerDelimiter, quoting, encoding, firstLine };
  return headerIn(head.subarray(start, end), options, settings);
}

/**
 * The header that `bytes` begin with, on line `firstLine`.
 *
 * @throws UnreadableFileError when it cannot be read, or does not give every column.
 */
export async function headerIn(
  bytes: Uint8Array,
  options: ParseOptions & { headerDelimiter: Delimiter | undefined },
  { expectedHeader }: ReadSettings,
): Promise<Header> {
  const { firstLine } = options;
  const record = await new RecordCursor(bytes, options).seek(firstLine);
  if (record === undefined) throw new Error(`the record on line ${firstLine}, found by splitting, is not there`);
  if (!('fields' in record)) throw new UnreadableFileError(noHeader(record.error.message));
  const cells = headerCells(record.fields, options);
  const mismatch = expectedHeader && profileMismatch(expectedHeader, cells);
  if (mismatch !== undefined) throw new UnreadableFileError(mismatch);
  const result = readHeader(cells);
  if (!result.ok) throw new UnreadableFileError(result.failure);
  return result.header;
}

function noHeader(reason: string): UploadFailure {
  return { code: 'missing_columns', detail: `The header cannot be read: ${reason}.` };
}

/** What an upload says of a file that can be read, beside its rows. */
export type FileFacts = {
  detected: Detected;
  columns: ColumnSources;
  ignoredColumns: string[];
  brokenRecords: number;
  /** What was guessed of the file as a whole. */
  warnings: Warning[];
};

export function factsOf({ format, split, header, warnings }: Survey): FileFacts {
  const { delimiter, headerDelimiter, quoting, bom } = format;
  return {
    detected: {
      delimiter,
      ...(headerDelimiter !== undefined && { headerDelimiter }),
      ...(quoting !== 'double' && { quoting }),
      encoding: split.encoding,
      bom,
      header: header.map.hasHeader,
    },
    columns: header.columns,
    ignoredColumns: header.ignoredColumns,
    brokenRecords: split.broken,
    warnings,
  };
}
