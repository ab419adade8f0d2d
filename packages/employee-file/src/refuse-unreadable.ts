import { isUtf8 } from 'node:buffer';
import { buffer } from 'node:stream/consumers';
import { type CsvFormat, detectFormat, type Encoding, HEAD_BYTES, withoutEndMark } from '@rowferry/csv';
import type { ReadSettings } from '@rowferry/messages';
import { HEADER_RECORDS, namesEveryColumn } from '@rowferry/roster';
import { beginningOptions, HEADER_BEGINS_WITHIN, headerAmong, headerRecords } from './beginning.ts';
import { type Chunks, peek } from './peek.ts';
import { EMPTY_FILE, notCsv, UnreadableFileError } from './unreadable-file.ts';

/** What detection looks at, and more than the longest end mark: a file that ends within these bytes is here as a whole. */
const BEGINNING_BYTES = HEAD_BYTES + 64;

/**
 * Lets a file pass that can be read as far as its first 64 KiB tell, without reading on: the others can be refused before
 * they are stored. `survey` refuses all of these too, and with the same code.
 *
 * @returns all of the file's bytes. @throws UnreadableFileError; and what `chunks` throws.
 */
export async function refuseUnreadable(
  chunks: Chunks,
  settings: ReadSettings = {},
): Promise<AsyncGenerator<Uint8Array>> {
  const { head, all, close } = await peek(chunks, BEGINNING_BYTES);
  const isWhole = head.byteLength < BEGINNING_BYTES;
  try {
    await checkBeginning(isWhole ? await buffer(withoutEndMark([head])) : head, isWhole, settings);
  } catch (error) {
    await close();
    throw error;
  }
  return all;
}

async function checkBeginning(head: Uint8Array, isWhole: boolean, settings: ReadSettings): Promise<void> {
  const format = detectFormat(head, (cells) => namesEveryColumn(cells, settings), settings);
  if (!format.ok) throw new UnreadableFileError(notCsv(format));
  const { encoding, firstLine, dataOffset } = format;
  const bytes = head.subarray(dataOffset);
  const within = HEADER_BEGINS_WITHIN;
  const found = await headerRecords(bytes, beginningOptions(format, { encoding, firstLine }), { isWhole, within });
  if (isWhole && found.length === 0) throw new UnreadableFileError(EMPTY_FILE);
  // Those that follow may have the header, or tell which column is which.
  if (!isWhole && found.length < HEADER_RECORDS) return;
  const readings = encodingsOf(bytes.subarray(0, found.at(-1)?.end), format).map((encoding) =>
    headerAmong(bytes, found, beginningOptions(format, { encoding, firstLine }), settings),
  );
  const results = await Promise.allSettled(readings);
  const [likely] = results;
  if (likely?.status === 'rejected' && results.every(({ status }) => status === 'rejected')) throw likely.reason;
}

/**
 * The encodings that a header may turn out to have, the likely one first: a file without a byte order mark is Windows-1252
 * if any byte of it, up to the last, is not UTF-8. So a header is bad only if it is so in both.
 */
function encodingsOf(header: Uint8Array, { encoding, bom }: CsvFormat): Encoding[] {
  if (encoding !== 'utf-8' || bom) return [encoding];
  return isUtf8(header) ? ['utf-8', 'windows-1252'] : ['windows-1252', 'utf-8'];
}
