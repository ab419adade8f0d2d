import { expect, test } from 'vitest';
import { rowsPerMessage } from './rows-per-message.ts';

test('rows of a small file travel alone, those of larger ones together, up to a bound', () => {
  const sizes = [0, 1, 1000, 1001, 10_000, 20_000, 1_000_000].map(rowsPerMessage);
  expect(sizes).toEqual([1, 1, 1, 11, 100, 200, 200]);
});
