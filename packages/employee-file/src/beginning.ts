import {
  type CsvFormat,
  type CsvRecord,
  detectFormat,
  type Encoding,
  type FoundRecord,
  findFirstRecords,
  HEAD_BYTES,
  headerCells,
  likelyEncoding,
  type ParseOptions,
  readFoundRecords,
} from '@rowferry/csv';
import type { ReadSettings } from '@rowferry/messages';
import { HEADER_RECORDS, type Header, namesEveryColumn, readHeader, type UploadFailure } from '@rowferry/roster';
import { refuseContradiction } from './guessed-encoding.ts';
import { notCsv, UnreadableFileError } from './unreadable-file.ts';

/** How far into a file its header may begin, in bytes. */
export const HEADER_BEGINS_WITHIN = 512 * 1024;

/** The header of a file, and the records above it, which are no rows. */
export type FoundHeader = { header: Header; above: { records: number; broken: number; bytes: number } };

export type BeginningOptions = ParseOptions & Pick<CsvFormat, 'headerDelimiter'>;

/** How the beginning of a file of this format is read. */
export function beginningOptions(
  { delimiter, headerDelimiter, quoting }: CsvFormat,
  { encoding, firstLine }: { encoding: Encoding; firstLine: number },
): BeginningOptions {
  return { delimiter, quoting, encoding, firstLine, ...(headerDelimiter !== undefined && { headerDelimiter }) };
}

/**
 * The format of the file that begins with `head`, as far as that tells it.
 *
 * @throws UnreadableFileError when it is no CSV, or not in the encoding that the settings state.
 */
export async function formatOf(head: Uint8Array, settings: ReadSettings): Promise<CsvFormat> {
  const likely = settings.encoding ?? (await likelyEncoding(head.subarray(0, HEAD_BYTES)));
  const format = detectFormat(head, (cells) => namesEveryColumn(cells, settings), settings, likely);
  if (!format.ok) throw new UnreadableFileError(notCsv(format));
  refuseContradiction(format, settings);
  return format;
}

/** The records of the beginning of a file that tell where its header is. */
export function headerRecords(
  bytes: Uint8Array,
  options: ParseOptions,
  { isWhole, within }: { isWhole: boolean; within: number },
): Promise<FoundRecord[]> {
  return findFirstRecords(bytes, options, { isWhole, within, count: HEADER_RECORDS });
}

/**
 * The header of the file that begins with these records.
 *
 * @throws UnreadableFileError when it cannot be read, or does not give every column.
 */
export async function headerAmong(
  bytes: Uint8Array,
  found: readonly FoundRecord[],
  options: BeginningOptions,
  settings: ReadSettings,
): Promise<FoundHeader> {
  const records = await readFoundRecords(bytes, found, options);
  const result = readHeader(
    records.map((record) => ({
      line: record.line,
      fields: 'fields' in record ? headerCells(record.fields, options) : [],
    })),
    settings,
  );
  if (!result.ok) throw new UnreadableFileError(failureOf(records, result.failure), { sample: result.sample });
  const { header } = result;
  const above = records.slice(0, header.skipped.length);
  return {
    header,
    above: {
      records: above.length,
      broken: above.filter((record) => !('fields' in record)).length,
      bytes: found[above.length]?.start ?? 0,
    },
  };
}

/** Where the first record is broken, that is why nothing was found in it. */
function failureOf([first]: readonly CsvRecord[], failure: UploadFailure): UploadFailure {
  const isBroken = first !== undefined && !('fields' in first) && failure.code === 'missing_columns';
  return isBroken ? unreadableHeader(first.error.message) : failure;
}

export function unreadableHeader(reason: string): UploadFailure {
  return { code: 'missing_columns', detail: `The header cannot be read: ${reason}.` };
}
