import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { chunked, csvText, cuts } from '../test/arbitraries.ts';
import { withoutEndMark } from './end-mark.ts';

const CTRL_Z = '\u001a';

const encoding = fc.constantFrom('utf-8', 'utf-16le', 'utf-16be');
type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

function encoded(text: string, encoding: Encoding): Buffer {
  if (encoding === 'utf-8') return Buffer.from(text);
  const bytes = Buffer.from(`\ufeff${text}`, 'utf16le');
  return encoding === 'utf-16be' ? bytes.swap16() : bytes;
}

async function read(chunks: Uint8Array[]): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const piece of withoutEndMark(chunks)) pieces.push(piece);
  return Buffer.concat(pieces);
}

/** A text full of NULs: nobody writes one in UTF-8. */
function looksLikeUtf16(text: string, encoding: Encoding): boolean {
  return encoding === 'utf-8' && text.includes('\0');
}

describe('the end mark', () => {
  it('is taken off with the line end behind it, whatever the encoding and the chunks', async () => {
    const lineEnd = fc.constantFrom('', '\n', '\r', '\r\n');
    await fc.assert(
      fc.asyncProperty(csvText, lineEnd, encoding, cuts, async (text, lineEnd, encoding, cuts) => {
        fc.pre(!looksLikeUtf16(text, encoding));
        const bytes = encoded(text + CTRL_Z + lineEnd, encoding);
        expect(await read(chunked(bytes, cuts))).toEqual(encoded(text, encoding));
      }),
    );
  });

  it('is a character anywhere else, and in a file without one nothing changes', async () => {
    const end = fc.constantFrom('x', '\n\n', '\r\n\n', '\n\r', ' ', ',', '\u1a00', '\u001b');
    await fc.assert(
      fc.asyncProperty(csvText, end, encoding, cuts, async (text, end, encoding, cuts) => {
        fc.pre(!looksLikeUtf16(text, encoding));
        const bytes = encoded(`${text}${CTRL_Z}${end}`, encoding);
        expect(await read(chunked(bytes, cuts))).toEqual(bytes);
      }),
    );
  });

  it('is taken off UTF-16 that has no byte order mark', async () => {
    const text = Buffer.from(`name,company\r\n${'Zoë,Acme\r\n'.repeat(1000)}`, 'utf16le');
    const marked = Buffer.concat([text, Buffer.from(CTRL_Z, 'utf16le')]);
    for (const size of [1, 3, marked.length]) {
      const chunks = Array.from({ length: Math.ceil(marked.length / size) }, (_, i) => i * size);
      expect(await read(chunks.map((at) => marked.subarray(at, at + size)))).toEqual(text);
    }
    expect(await read([Buffer.from(marked).swap16()])).toEqual(Buffer.from(text).swap16());
  });

  it('is one character: of two, the first stays', async () => {
    expect(await read([Buffer.from('a,b\n\x1a\x1a')])).toEqual(Buffer.from('a,b\n\x1a'));
  });

  it('is not seen in half a character of UTF-16, nor a NUL taken for a part of it where there is no UTF-16', async () => {
    const outOfStep = Buffer.from([0xff, 0xfe, 0x61, 0x1a, 0x00]);
    expect(await read([outOfStep])).toEqual(outOfStep);
    expect(await read([Buffer.from('a\0\x1a')])).toEqual(Buffer.from('a\0'));
    expect(await read([Buffer.from('a\x1a\0')])).toEqual(Buffer.from('a\x1a\0'));
  });

  it('lets a file through as it comes in, and lets go of it when nobody reads on', async () => {
    let ended = false;
    async function* endless() {
      try {
        for (;;) yield Buffer.alloc(1000, 'x');
      } finally {
        ended = true;
      }
    }
    const bytes = withoutEndMark(endless());
    expect((await bytes.next()).value).toHaveLength(1000);
    await bytes.return();
    expect(ended).toBe(true);
  });
});
