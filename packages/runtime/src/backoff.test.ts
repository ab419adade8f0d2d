import { expect, test } from 'vitest';
import { backoffMs, withJitter } from './backoff.ts';

test('the wait doubles with every failure, from the base to the cap', () => {
  const waits = [1, 2, 3, 4, 7, 8, 5000].map((failures) => backoffMs(failures, { baseMs: 500, capMs: 40_000 }));
  expect(waits).toEqual([500, 1000, 2000, 4000, 32_000, 40_000, 40_000]);
});

test('with jitter the wait is any time from nothing to all of it', () => {
  expect([0, 0.25, 1].map((random) => withJitter(8000, () => random))).toEqual([0, 2000, 8000]);
  const waits = Array.from({ length: 500 }, () => withJitter(8000));
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...waits)).toBeLessThanOrEqual(8000);
  // That all of them lie in one half would happen once in 2^499 times.
  expect(Math.min(...waits)).toBeLessThan(4000);
  expect(Math.max(...waits)).toBeGreaterThan(4000);
});
