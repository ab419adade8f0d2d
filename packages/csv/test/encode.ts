import type { Encoding } from '../src/dialect.ts';
import { decodeAs, type UnreadableEncoding } from '../src/encoding/unreadable-encodings.ts';

/** By encoding: the bytes of each character that a decoder makes of one or two bytes. */
const TABLES = new Map<string, Map<string, number[]>>();

/** `text` in an encoding that Node can only read: what its decoder does, the other way round. */
export function encodeAs(text: string, encoding: Encoding | UnreadableEncoding): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text);
  if (encoding === 'utf-16le') return Buffer.from(text, 'utf16le');
  if (encoding === 'utf-16be') return Buffer.from(text, 'utf16le').swap16();
  const table = TABLES.get(encoding) ?? tableOf(encoding);
  TABLES.set(encoding, table);
  const bytes = Array.from(text).flatMap((character) => {
    const found = table.get(character);
    if (found === undefined) throw new Error(`${encoding} has no ${character}`);
    return found;
  });
  return Buffer.from(bytes);
}

function tableOf(encoding: Encoding | UnreadableEncoding): Map<string, number[]> {
  const table = new Map<string, number[]>();
  const add = (bytes: number[]) => {
    const text = decodeAs(Uint8Array.from(bytes), encoding);
    if (Array.from(text).length === 1 && text !== '\ufffd' && !table.has(text)) table.set(text, bytes);
  };
  for (let byte = 0; byte < 256; byte++) add([byte]);
  for (let lead = 0x81; lead < 0xff; lead++) for (let trail = 0x40; trail < 0xff; trail++) add([lead, trail]);
  return table;
}
