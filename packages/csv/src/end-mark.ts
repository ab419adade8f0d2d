import { BYTE_ORDER_BYTES, readByteOrder } from './byte-order.ts';
import { decode } from './decode.ts';
import type { Encoding } from './dialect.ts';
import { unitBytes } from './units.ts';

const CTRL_Z = '\u001a';
/** Bytes of the longest mark: with a CRLF that the next program put behind it, in UTF-16. */
const LONGEST = 6;

/**
 * The bytes of a file without the Ctrl-Z (0x1A) by which DOS programs mark its end; `copy a.csv+b.csv` does to this day. Only
 * the very last character of a file is one. It is taken off before anything is made of the bytes, so nobody who reads them
 * has to know. `chunks`: a file from its first byte on. `stated`: its encoding,
 * where somebody said it. Memory: a chunk more than without.
 */
export async function* withoutEndMark(
  chunks: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  stated?: Encoding,
): AsyncGenerator<Uint8Array, void, undefined> {
  const opening: Uint8Array[] = [];
  let size = 0;
  /** What came last: LONGEST bytes or more, as soon as there are so many. */
  let held: Uint8Array = new Uint8Array(0);
  for await (const chunk of chunks) {
    // A copy: the chunk may be gone by the end.
    if (size < BYTE_ORDER_BYTES) opening.push(Uint8Array.from(chunk.subarray(0, BYTE_ORDER_BYTES - size)));
    size += chunk.byteLength;
    if (chunk.byteLength >= LONGEST) {
      if (held.byteLength > 0) yield held;
      held = chunk;
    } else {
      const joined = Buffer.concat([held, chunk]);
      const ready = Math.max(0, joined.byteLength - LONGEST);
      if (ready > 0) yield joined.subarray(0, ready);
      held = joined.subarray(ready);
    }
  }
  const { encoding: byOrder, markBytes } = readByteOrder(Buffer.concat(opening));
  const encoding = markBytes > 0 ? byOrder : (stated ?? byOrder);
  // Half a unit of UTF-16 at the end: what looks like a mark is out of step.
  const cut = size % unitBytes(encoding) === 0 ? endMarkBytes(held.subarray(-LONGEST), encoding) : 0;
  if (held.byteLength > cut) yield held.subarray(0, held.byteLength - cut);
}

/** How many bytes the mark that ends `tail` has, with a line end behind it; 0 if there is none. */
function endMarkBytes(tail: Uint8Array, encoding: Encoding): number {
  const text = decode(tail, encoding);
  const line = text.replace(/(?:\r\n|\r|\n)$/, '');
  return line.endsWith(CTRL_Z) ? (text.length - line.length + CTRL_Z.length) * unitBytes(encoding) : 0;
}
