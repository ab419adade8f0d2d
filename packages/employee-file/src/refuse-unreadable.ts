import { isAscii } from 'node:buffer';
import { buffer } from 'node:stream/consumers';
import { type CsvFormat, type Encoding, HEAD_BYTES, splitObject, unitBytes, withoutEndMark } from '@rowferry/csv';
import { ENCODINGS, type ReadSettings } from '@rowferry/messages';
import { HEADER_RECORDS } from '@rowferry/roster';
import { beginningOptions, formatOf, HEADER_BEGINS_WITHIN, headerAmong, headerRecords } from './beginning.ts';
import { refuseUnclear } from './guessed-encoding.ts';
import { type Chunks, peek } from './peek.ts';
import { EMPTY_FILE, UnreadableFileError } from './unreadable-file.ts';

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
    await checkBeginning(isWhole ? await buffer(withoutEndMark([head], settings.encoding)) : head, isWhole, settings);
  } catch (error) {
    await close();
    throw error;
  }
  return all;
}

async function checkBeginning(head: Uint8Array, isWhole: boolean, settings: ReadSettings): Promise<void> {
  const format = await formatOf(head, settings);
  const split = isWhole ? await splitObject([head], format) : undefined;
  if (split?.guess !== undefined) refuseUnclear(split.guess, format);
  const { encoding, firstLine, dataOffset } = format;
  const bytes = head.subarray(dataOffset);
  const within = HEADER_BEGINS_WITHIN;
  const found = await headerRecords(bytes, beginningOptions(format, { encoding, firstLine }), { isWhole, within });
  if (isWhole && found.length === 0) throw new UnreadableFileError(EMPTY_FILE);
  // Those that follow may have the header, or tell which column is which.
  if (!isWhole && found.length < HEADER_RECORDS) return;
  const encodings = split === undefined ? encodingsOf(bytes.subarray(0, found.at(-1)?.end), format) : [split.encoding];
  const failures: unknown[] = [];
  for (const encoding of encodings) {
    try {
      await headerAmong(bytes, found, beginningOptions(format, { encoding, firstLine }), settings);
      return;
    } catch (error) {
      failures.push(error);
    }
  }
  throw failures[0];
}

/** The encodings that a header may turn out to have, the likely one first: the rest of the file decides. */
function encodingsOf(header: Uint8Array, format: CsvFormat): Encoding[] {
  const isCertain = format.bom || format.isEncodingStated || isAscii(header);
  if (isCertain || unitBytes(format.encoding) === 2) return [format.encoding];
  const others = ENCODINGS.filter((encoding) => encoding !== format.encoding && unitBytes(encoding) === 1);
  return [format.encoding, ...others];
}
