import { HEAD_BYTES } from '@rowferry/csv';
import { expect, test } from 'vitest';
import { refuseNotCsv, UnreadableFileError } from './unreadable-file.ts';

async function readAll(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  for await (const chunk of chunks) pieces.push(chunk);
  return Buffer.concat(pieces);
}

test('a file that may be CSV passes unchanged, in whatever chunks it comes', async () => {
  const bytes = Buffer.alloc(3 * HEAD_BYTES + 7, 'Ann,Acme,0301234567,ann@acme.example\n');
  for (const size of [1000, HEAD_BYTES, bytes.byteLength]) {
    const chunks = Array.from({ length: Math.ceil(bytes.byteLength / size) }, (_, index) =>
      bytes.subarray(index * size, (index + 1) * size),
    );
    expect((await readAll(await refuseNotCsv(chunks))).equals(bytes)).toBe(true);
  }
  expect(await readAll(await refuseNotCsv([]))).toHaveLength(0);
});

test('a file that is no CSV is refused after its first bytes, and its source is closed', async () => {
  let pulled = 0;
  let released = false;
  async function* workbook() {
    try {
      for (;;) {
        pulled++;
        yield Buffer.alloc(HEAD_BYTES, 'PK\x03\x04');
      }
    } finally {
      released = true;
    }
  }
  await expect(refuseNotCsv(workbook())).rejects.toThrow(UnreadableFileError);
  expect({ pulled, released }).toEqual({ pulled: 1, released: true });
});

test('what the source throws comes through', async () => {
  async function* broken() {
    yield Buffer.from('name,');
    throw new Error('the connection broke off');
  }
  await expect(refuseNotCsv(broken())).rejects.toThrow('the connection broke off');
});

test('reading that stops early closes the source', async () => {
  let released = false;
  async function* source() {
    try {
      for (;;) yield Buffer.alloc(HEAD_BYTES, 'a,b\n');
    } finally {
      released = true;
    }
  }
  for await (const _ of await refuseNotCsv(source())) break;
  expect(released).toBe(true);
});
