import { expect, test } from 'vitest';
import { percentile } from './percentiles.ts';

test('a percentile is a value that was there, and so many percent are not above it', () => {
  const values = Array.from({ length: 200 }, (_, index) => 200 - index);

  expect(percentile(values, 50)).toBe(100);
  expect(percentile(values, 95)).toBe(190);
  expect(percentile(values, 99)).toBe(198);
  expect(percentile([7], 50)).toBe(7);
  expect(percentile([], 50)).toBeUndefined();
});
