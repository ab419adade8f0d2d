import { randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { SpooledFile } from './spooled-file.ts';

async function* inPieces(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let start = 0; start < bytes.byteLength; start += size) yield bytes.subarray(start, start + size);
}

async function spooledNames(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => name.startsWith('rowferry-spool-'));
}

test('what was put aside can be read as often as one likes, whole and in parts', async () => {
  const bytes = randomBytes(1_000_003);
  const file = await SpooledFile.receive(inPieces(bytes, 65_537));

  for (let time = 0; time < 2; time++) {
    const chunks: Uint8Array[] = [];
    for await (const chunk of file.chunks()) chunks.push(chunk);
    expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
  }
  expect(bytes.subarray(7, 900_000).equals(await file.read({ start: 7, end: 900_000 }))).toBe(true);
  await expect(file.read({ start: 0, end: bytes.byteLength + 1 })).rejects.toThrow('the file ends before byte 1000004');
  await file.close();
});

test('nothing can be put aside and read as nothing', async () => {
  const file = await SpooledFile.receive(inPieces(new Uint8Array(0), 1));
  for await (const chunk of file.chunks()) throw new Error(`a chunk of ${chunk.byteLength} bytes`);
  await file.close();
});

test('it has no name in the directory, neither while it is there nor after its source broke off', async () => {
  const before = await spooledNames();
  const file = await SpooledFile.receive(inPieces(randomBytes(10), 10));
  expect(await spooledNames()).toEqual(before);
  await file.close();

  async function* broken() {
    yield randomBytes(10);
    throw new Error('the client went away');
  }
  await expect(SpooledFile.receive(broken())).rejects.toThrow('the client went away');
  expect(await spooledNames()).toEqual(before);
});
