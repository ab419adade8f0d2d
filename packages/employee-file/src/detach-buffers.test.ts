import { expect, it } from 'vitest';
import { survey } from './survey.ts';

const HEADER = 'name,company,phone,email\n';
/** Of characters that take 2, 3 and 4 bytes, so that most chunks end within one. */
const ROW = 'Zoë,東京 🚢,0301234567,zoe@acme.example\n';
const MIB = 1024 * 1024;

/** Four times what is looked at before the file is read, in pieces of these sizes in turn. */
function chunksOf(...sizes: number[]): Buffer[] {
  const file = Buffer.from(HEADER + ROW.repeat((4 * MIB) / Buffer.byteLength(ROW)));
  const chunks: Buffer[] = [];
  for (let start = 0; start < file.byteLength; start += chunks.at(-1)?.byteLength ?? 0) {
    const size = sizes[chunks.length % sizes.length] ?? 0;
    // Above half the size of Node's pool it is memory of its own, below it a slice of the pool.
    chunks.push(Buffer.concat([file.subarray(start, start + size)]));
  }
  return chunks;
}

async function* stream(chunks: Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}

it('the buffers of a stream are detached while it is read, and the survey is the same', async () => {
  const expected = await survey(chunksOf(64 * 1024));
  const chunks = chunksOf(64 * 1024);
  expect(await survey(stream(chunks))).toEqual(expected);
  const held = chunks.reduce((bytes, chunk) => bytes + chunk.byteLength, 0);
  expect(held).toBeLessThan(1.25 * MIB);
});

it('a buffer that shares its memory with others is left alone', async () => {
  const expected = await survey(chunksOf(64 * 1024));
  const chunks = chunksOf(64 * 1024, 100, 1, 3000);
  const others = Buffer.from('in the pool');
  expect(await survey(stream(chunks))).toEqual(expected);
  expect(others.toString()).toBe('in the pool');
  expect(chunks.filter(({ byteLength }) => byteLength === 3000)).not.toHaveLength(0);
});

it('an array of chunks can be read again', async () => {
  const chunks = chunksOf(64 * 1024);
  expect(await survey(chunks)).toEqual(await survey(chunks));
});
