import { CR, DELIMITERS, type HeadEncoding, LF, SPACE, TAB } from './dialect.ts';

/** How much of the beginning tells UTF-16 without a byte order mark, in bytes: a header and some rows. */
export const BYTE_ORDER_BYTES = 4096;

/** Of a roster in any script at least so many characters are ASCII: delimiters, line ends, digits, addresses. */
const PLAIN_SHARE = 1 / 8;
/** And at most so many are damaged. */
const DAMAGED_SHARE = 1 / 100;

/**
 * The encoding as far as the first bytes of a file tell without a look at its letters: by its byte order mark (Unicode 17,
 * section 23.8), or as UTF-16 by the NULs that ASCII has there. `utf-8` is anything else: one byte a unit.
 */
export function readByteOrder(beginning: Uint8Array): { encoding: HeadEncoding; markBytes: number } {
  const [first, second, third] = beginning;
  if (first === 0xef && second === 0xbb && third === 0xbf) return { encoding: 'utf-8', markBytes: 3 };
  if (first === 0xff && second === 0xfe) return { encoding: 'utf-16le', markBytes: 2 };
  if (first === 0xfe && second === 0xff) return { encoding: 'utf-16be', markBytes: 2 };
  return { encoding: utf16WithoutMark(beginning.subarray(0, BYTE_ORDER_BYTES)) ?? 'utf-8', markBytes: 0 };
}

function utf16WithoutMark(bytes: Uint8Array): 'utf-16le' | 'utf-16be' | undefined {
  const units = Math.floor(bytes.byteLength / 2);
  const little = countUnits(bytes, 1);
  const big = countUnits(bytes, 0);
  const [encoding, these, others] =
    little.plain > big.plain ? (['utf-16le', little, big] as const) : (['utf-16be', big, little] as const);
  const isText = these.separators > 0 && these.plain >= units * PLAIN_SHARE && these.damaged <= units * DAMAGED_SHARE;
  // Every letter of ASCII is a Chinese one in the other byte order; hardly any is the other way round.
  return isText && these.plain > 4 * others.plain ? encoding : undefined;
}

const SEPARATORS = [LF, CR, ...DELIMITERS.map((delimiter) => delimiter.charCodeAt(0))];

/** The units of UTF-16 whose high byte is the first or second (`high`: 0 or 1) that are ASCII text, or no text at all. */
function countUnits(bytes: Uint8Array, high: 0 | 1): { plain: number; separators: number; damaged: number } {
  const count = { plain: 0, separators: 0, damaged: 0 };
  for (let i = 0; i + 1 < bytes.byteLength; i += 2) {
    if (bytes[i + high] !== 0) continue;
    const low = bytes[i + 1 - high] ?? 0;
    if (SEPARATORS.includes(low)) count.separators++;
    if ((low >= SPACE && low < 0x7f) || low === TAB || low === LF || low === CR) count.plain++;
    else if (low < SPACE && low !== CTRL_Z) count.damaged++;
  }
  return count;
}

/** It ends files of DOS. */
const CTRL_Z = 0x1a;
