import { CR, type Encoding, LF } from './dialect.ts';
import { cutBytes } from './utf8.ts';

/** What the scanner walks over: bytes of an ASCII-compatible encoding, or UTF-16 code units in the order of this machine. */
export type Units = Uint8Array | Uint16Array;

/** Bytes in one unit of `encoding`. */
export function unitBytes(encoding: Encoding): 1 | 2 {
  return encoding === 'utf-16le' || encoding === 'utf-16be' ? 2 : 1;
}

const LITTLE_ENDIAN_MACHINE = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;

/** Whether the bytes of `encoding` must change places before this machine can read them as 16-bit units. */
export function needsSwap(encoding: Encoding): boolean {
  return unitBytes(encoding) === 2 && (encoding === 'utf-16le') !== LITTLE_ENDIAN_MACHINE;
}

/** Swaps the two bytes of each unit in place; an odd last byte stays. */
export function swapBytes(bytes: Uint8Array): void {
  const even = bytes.byteLength - (bytes.byteLength % 2);
  Buffer.from(bytes.buffer, bytes.byteOffset, even).swap16();
}

/**
 * `bytes` as units of `encoding`; the bytes themselves stay as they are. Half a UTF-16 unit at the end is left out.
 * A `Buffer` comes back as a plain Uint8Array: V8 compiles the scanner's loops for one kind of array, and a second kind
 * (Buffer is a subclass) makes every read in them slower.
 */
export function toUnits(bytes: Uint8Array, encoding: Encoding): Units {
  if (unitBytes(encoding) === 1) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const copy = new Uint8Array(bytes.byteLength - (bytes.byteLength % 2));
  copy.set(bytes.subarray(0, copy.byteLength));
  if (needsSwap(encoding)) swapBytes(copy);
  return new Uint16Array(copy.buffer);
}

/** How many line ends (CRLF, LF or CR) there are in `units` from `from` up to, not including, `to`. */
export function countLineEnds(units: Units, from: number, to: number): number {
  let count = 0;
  for (let i = from; i < to; i++) {
    const unit = units[i];
    if (unit === LF || (unit === CR && (i + 1 === to || units[i + 1] !== LF))) count++;
  }
  return count;
}

/** Where the first line end at or after `from` begins, or `units.length`. */
export function findLineEnd(units: Units, from: number, length: number): number {
  let i = from;
  while (i < length && units[i] !== LF && units[i] !== CR) i++;
  return i;
}

/** Whether `bytes`, of which these are the units, end within a character: the file was cut off there. */
export function endsWithinCharacter(units: Units, encoding: Encoding, byteLength: number): boolean {
  if (units instanceof Uint8Array) return encoding === 'utf-8' && cutBytes(units) > 0;
  return byteLength % 2 === 1 || isHighSurrogate(units.at(-1) ?? 0);
}

/** The first half of a character that takes two units (Unicode 17, section 3.8). */
function isHighSurrogate(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdbff;
}
