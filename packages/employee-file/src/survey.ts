import { type CsvFormat, type SplitResult, splitObject, withoutEndMark } from '@rowferry/csv';
import type { Detected, ReadSettings } from '@rowferry/messages';
import type { ColumnSources, Header, Warning } from '@rowferry/roster';
import {
  beginningOptions,
  type FoundHeader,
  formatOf,
  HEADER_BEGINS_WITHIN,
  headerAmong,
  headerRecords,
  unreadableHeader,
} from './beginning.ts';
import { detachBuffers } from './detach-buffers.ts';
import { guessedEncoding, refuseUnclear } from './guessed-encoding.ts';
import { type Chunks, peek } from './peek.ts';
import { EMPTY_FILE, UnreadableFileError } from './unreadable-file.ts';

/** The result of one pass over a file: how to read it, where its columns are, where to cut it, and what was guessed. */
export type Survey = { format: CsvFormat; split: SplitResult; header: Header; warnings: Warning[] };

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
  const { head, all, close } = await peek(withoutEndMark(chunks, settings.encoding), HEADER_BYTES);
  const format = await formatOf(head, settings).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  const ownChunks = Symbol.asyncIterator in chunks;
  const split = await splitObject(ownChunks ? detachBuffers(all, head) : all, format);
  if (split.guess !== undefined) refuseUnclear(split.guess, format);
  const { header, above } = await headerOf(head, format, split, settings);
  const warnings = [...(split.guess === undefined ? [] : [guessedEncoding(split.guess)]), ...header.warnings];
  return { format, split: withoutBeginning(split, header, above), header, warnings };
}

/** The encoding is known only now, from the whole file; so only now can the header be read. */
async function headerOf(
  head: Uint8Array,
  format: CsvFormat,
  { segments, encoding }: SplitResult,
  settings: ReadSettings,
): Promise<FoundHeader> {
  const [first] = segments;
  if (first === undefined) throw new UnreadableFileError(EMPTY_FILE);
  const { start, end, firstLine } = first;
  if (start > HEADER_BEGINS_WITHIN)
    throw new UnreadableFileError(unreadableHeader('nothing but empty lines in the first 512 KiB'));
  const bytes = head.subarray(start, end);
  const options = beginningOptions(format, { encoding, firstLine });
  // What begins later may end where nothing is held of the file any more.
  const within = Math.max(1, HEADER_BEGINS_WITHIN - start);
  return headerAmong(bytes, await headerRecords(bytes, options, { isWhole: true, within }), options, settings);
}

/** The file from its header on: what stands above it are no rows, and nobody reads them again. */
function withoutBeginning(split: SplitResult, { line }: Header, above: FoundHeader['above']): SplitResult {
  const [first, ...others] = split.segments;
  if (first === undefined || line === null || above.records === 0) return split;
  const { start, records } = first;
  const cut = { ...first, start: start + above.bytes, firstLine: line, records: records - above.records };
  return {
    ...split,
    segments: [cut, ...others],
    records: split.records - above.records,
    broken: split.broken - above.broken,
  };
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
      encodingConfidence: split.guess === undefined ? 1 : rounded(split.guess.confidence),
      bom,
      header: header.map.hasHeader,
      ...(header.line !== null &&
        header.skipped.length > 0 && { headerLine: header.line, skippedLines: header.skipped.length }),
    },
    columns: header.columns,
    ignoredColumns: header.ignoredColumns,
    brokenRecords: split.broken,
    warnings,
  };
}

/** To two places and never up to 1, which is for what is not guessed. */
function rounded(confidence: number): number {
  return Math.min(0.99, Math.round(confidence * 100) / 100);
}
