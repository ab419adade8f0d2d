import { open } from 'node:fs/promises';

/** Bytes of a file, the last one included, as `createReadStream` takes them. */
export type ByteRange = { start: number; end: number };

const CHUNK_BYTES = 64 * 1024;
const NEWLINE = 0x0a;

/** Cuts a file behind the first line that ends in its second half; a file without such a line stays whole. */
export async function halvesOf(file: string): Promise<ByteRange[]> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const chunk = Buffer.alloc(CHUNK_BYTES);
    for (let position = Math.floor(size / 2); position < size; ) {
      const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, position);
      const newline = chunk.subarray(0, bytesRead).indexOf(NEWLINE);
      const cut = position + newline + 1;
      if (newline >= 0 && cut < size)
        return [
          { start: 0, end: cut - 1 },
          { start: cut, end: size - 1 },
        ];
      if (newline >= 0) break;
      position += bytesRead;
    }
    return [{ start: 0, end: size - 1 }];
  } finally {
    await handle.close();
  }
}
