import {
  type CsvFormat,
  detectFormat,
  parseSegment,
  type SplitResult,
  splitObject,
  withoutEndMark,
} from '@rowferry/csv';
import type { Detected } from '@rowferry/messages';
import { type ColumnSources, type Header, readHeader, type UploadFailure } from '@rowferry/roster';
import { detachBuffers } from './detach-buffers.ts';
import { type Chunks, peek } from './peek.ts';
import { EMPTY_FILE, notCsv, UnreadableFileError } from './unreadable-file.ts';

/** The result of one pass over a file: how to read it, where its columns are, and where to cut it. */
export type Survey = { format: CsvFormat; split: SplitResult; header: Header };

/** How far into a file its header is looked for. Twice the longest record there is, in the encoding that takes most. */
const FIRST_RECORD_BYTES = 1024 * 1024;

/**
 * Reads a whole file once.
 *
 * @param chunks those of a stream are used up: nobody can read them afterwards. Those of an array stay as they are.
 * @throws UnreadableFileError when it is empty, no CSV, or its header does not give every column.
 */
export async function survey(chunks: Chunks): Promise<Survey> {
  const { head, all, close } = await peek(withoutEndMark(chunks), FIRST_RECORD_BYTES);
  const format = detectFormat(head);
  if (!format.ok) {
    await close();
    throw new UnreadableFileError(notCsv(format));
  }
  const ownChunks = Symbol.asyncIterator in chunks;
  const split = await splitObject(ownChunks ? detachBuffers(all, head) : all, format);
  return { format, split, header: headerOf(head, format, split) };
}

/** The encoding is known only now, from the whole file; so only now can the header be read. */
function headerOf(head: Uint8Array, { dataOffset, delimiter, firstLine }: CsvFormat, split: SplitResult): Header {
  if (split.records === 0) throw new UnreadableFileError(EMPTY_FILE);
  const records = parseSegment(head.subarray(dataOffset), { delimiter, encoding: split.encoding, firstLine }).next();
  const first = records.done ? undefined : records.value[0];
  if (first === undefined) throw new UnreadableFileError(noHeader('nothing but empty lines in the first MiB'));
  if (!('fields' in first)) throw new UnreadableFileError(noHeader(first.error.message));
  const result = readHeader(first.fields);
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
};

export function factsOf({ format, split, header }: Survey): FileFacts {
  const { delimiter, bom } = format;
  return {
    detected: { delimiter, encoding: split.encoding, bom, header: header.map.hasHeader },
    columns: header.columns,
    ignoredColumns: header.ignoredColumns,
    brokenRecords: split.broken,
  };
}
