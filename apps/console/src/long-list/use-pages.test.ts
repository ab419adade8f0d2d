import { expect, test } from 'vitest';
import { pagesOf } from './use-pages.ts';

test.each([
  [{ first: 0, last: 0 }, 0, [1]],
  [{ first: 0, last: 20 }, 21, [1]],
  [{ first: 60, last: 75 }, 1000, [1, 2]],
  [{ first: 120, last: 190 }, 1000, [1, 2, 3]],
  [{ first: 999_970, last: 999_999 }, 1_000_000, [1, 10_000]],
])('rows %j of %d are on the pages %j, with those a little before and after, and the first', (range, count, pages) => {
  expect(pagesOf(range, count)).toEqual(pages);
});
