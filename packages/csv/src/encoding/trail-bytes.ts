import { decode } from '../decode.ts';
import type { Encoding } from '../dialect.ts';
import type { Units } from '../units.ts';

/** Encodings in which the second byte of a character may be that of `|` or `\`: `ポ` is 83 7C in Shift_JIS. */
const HIDING: ReadonlySet<Encoding> = new Set<Encoding>(['shift_jis', 'gb18030', 'big5']);

export function hidesAscii(encoding: Encoding): boolean {
  return HIDING.has(encoding);
}

/** Bytes under this one are characters by themselves in every encoding, and no parts of one. */
const FIRST_TRAIL = 0x30;

/**
 * Whether the last of `units[from, to)`, which looks like ASCII, is part of a character: as the decoder reads it, so that
 * nobody sees a delimiter in it that the text does not have.
 */
export function endsInsideCharacter(units: Units, from: number, to: number, encoding: Encoding): boolean {
  if (!(units instanceof Uint8Array)) return false;
  let start = to - 1;
  while (start > from && (units[start - 1] ?? 0) >= FIRST_TRAIL) start--;
  return !decode(units.subarray(start, to), encoding).endsWith(String.fromCharCode(units[to - 1] ?? 0));
}
