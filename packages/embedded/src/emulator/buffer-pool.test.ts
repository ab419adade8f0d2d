import { expect, test } from 'vitest';
import { BufferPool } from './buffer-pool.ts';

test('a buffer that was given back is used again, cut to length, and one that was not is left alone', () => {
  const pool = new BufferPool();
  const first = pool.take(100_000);
  const second = pool.take(100_000);
  expect(second.buffer).not.toBe(first.buffer);
  pool.giveBack(first.subarray(10, 20));
  const third = pool.take(50_000);
  expect([third.buffer, third.length]).toEqual([first.buffer, 50_000]);
  expect(pool.take(50_000).buffer).not.toBe(third.buffer);
});

test('what is given back twice, or was never taken, is not handed out', () => {
  const pool = new BufferPool();
  const foreign = Buffer.alloc(100_000);
  pool.giveBack(foreign);
  const taken = pool.take(100_000);
  pool.giveBack(taken);
  pool.giveBack(taken);
  const memories = [pool.take(100_000), pool.take(100_000)].map(({ buffer }) => buffer);
  expect(new Set(memories).size).toBe(2);
  expect(memories).not.toContain(foreign.buffer);
});

test('large buffers are kept although small ones came first', () => {
  const pool = new BufferPool();
  const all = (length: number) => Array.from({ length: 4 }, () => pool.take(length));
  for (const small of all(20_000)) pool.giveBack(small);
  const large = all(200_000);
  for (const one of large) pool.giveBack(one);
  expect(new Set(all(200_000).map(({ buffer }) => buffer))).toEqual(new Set(large.map(({ buffer }) => buffer)));
});
