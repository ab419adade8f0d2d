import { isUtf8 } from 'node:buffer';
import { buffer } from 'node:stream/consumers';
import {
  type CsvFormat,
  detectFormat,
  type Encoding,
  findFirstRecord,
  HEAD_BYTES,
  withoutEndMark,
} from '@rowferry/csv';
import type { ReadSettings } from '@rowferry/messages';
import { type Chunks, peek } from './peek.ts';
import { headerIn, namesEveryColumn } from './survey.ts';
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
  const format = detectFormat(head, namesEveryColumn, settings);
  if (!format.ok) throw new UnreadableFileError(notCsv(format));
  const first = findFirstRecord(head, format, isWhole);
  if (first === undefined) {
    if (isWhole) throw new UnreadableFileError(EMPTY_FILE);
    return;
  }
  const { bytes, line } = first;
  const { delimiter, headerDelimiter, quoting } = format;
  const readings = encodingsOf(bytes, format).map((encoding) =>
    headerIn(bytes, { delimiter, headerDelimiter, quoting, encoding, firstLine: line }, settings),
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
