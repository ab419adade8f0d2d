import { expect, test } from 'vitest';
import { Pace } from './pace.ts';

test('the rest takes as long as the pace of the last seconds says, and at first nothing is said', () => {
  const pace = new Pace();
  expect(pace.secondsLeft(0, 1000, 0)).toBeNull();
  expect(pace.secondsLeft(100, 1000, 1000)).toBeNull();
  expect(pace.secondsLeft(200, 1000, 2000)).toBe(8);
  // Since 3 s ten times slower; what was before is out of sight.
  for (let second = 3; second <= 30; second++) pace.secondsLeft(200 + 10 * second, 1000, 1000 * second);
  expect(pace.secondsLeft(510, 1000, 31_000)).toBe(49);
});

test('while nothing moves, nothing is said', () => {
  const pace = new Pace();
  pace.secondsLeft(5, 10, 0);
  expect(pace.secondsLeft(5, 10, 10_000)).toBeNull();
});
