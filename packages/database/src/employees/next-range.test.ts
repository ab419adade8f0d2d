import { expect, test } from 'vitest';
import { type IndexedRange, nextRange } from './next-range.ts';

/** Ranges with so many employees each; ids without gaps. The rest, if given, comes after the last range. */
function ranges(sizes: readonly number[], { rest, changes = {} }: { rest?: number; changes?: Record<number, number> }) {
  let lastId = 0;
  const all = rest === undefined ? sizes : [...sizes, rest];
  return all.map((employees, index): IndexedRange => {
    lastId += employees;
    return { lastId, employees, changes: changes[index] ?? 0, isIndexed: index < sizes.length };
  });
}

const FULL = 65_536;

test('a few who come after the last range are left to be searched one by one', () => {
  expect(nextRange([])).toBeUndefined();
  expect(nextRange(ranges([], { rest: 4_095 }))).toBeUndefined();
  expect(nextRange(ranges([FULL], { rest: 4_095 }))).toBeUndefined();
});

test('more of them become a range, or part of the last one if that is small', () => {
  expect(nextRange(ranges([], { rest: 4_096 }))).toEqual({ afterId: null, lastId: 4_096 });
  expect(nextRange(ranges([FULL], { rest: 5_000 }))).toEqual({ afterId: FULL, lastId: FULL + 5_000 });
  expect(nextRange(ranges([FULL, 5_000], { rest: 6_000 }))).toEqual({ afterId: FULL, lastId: FULL + 11_000 });
  expect(nextRange(ranges([5_000], { rest: 6_000 }))).toEqual({ afterId: null, lastId: 11_000 });
});

test('a range of which an eighth has changed is built anew', () => {
  expect(nextRange(ranges([FULL, FULL, FULL], { changes: { 1: FULL / 8 - 1 } }))).toBeUndefined();
  expect(nextRange(ranges([FULL, FULL, FULL], { changes: { 1: FULL / 8 } }))).toEqual({
    afterId: FULL,
    lastId: 2 * FULL,
  });
  expect(nextRange(ranges([4_096], { changes: { 0: 1_023 } }))).toBeUndefined();
  expect(nextRange(ranges([4_096], { changes: { 0: 1_024 } }))).toEqual({ afterId: null, lastId: 4_096 });
});

test('eight of one size become one, up to four million employees', () => {
  const eight = (employees: number) => Array<number>(8).fill(employees);
  expect(nextRange(ranges(eight(FULL).slice(1), {}))).toBeUndefined();
  expect(nextRange(ranges(eight(FULL), { rest: 100 }))).toEqual({ afterId: null, lastId: 8 * FULL });
  expect(nextRange(ranges([8 * FULL, ...eight(FULL)], {}))).toEqual({ afterId: 8 * FULL, lastId: 16 * FULL });
  expect(nextRange(ranges(eight(8 * FULL), {}))).toEqual({ afterId: null, lastId: 64 * FULL });
  expect(nextRange(ranges(eight(64 * FULL), {}))).toBeUndefined();
});

test('ten million employees who come one range at a time end in few ranges', () => {
  let built: { lastId: number; employees: number }[] = [];
  for (let lastId = FULL; lastId <= 10_000_000; lastId += FULL) {
    built.push({ lastId, employees: FULL });
    for (;;) {
      const described = built.map((range) => ({ ...range, changes: 0, isIndexed: true }));
      const next = nextRange(described);
      if (next === undefined) break;
      const { afterId, lastId: end } = next;
      const isInside = (range: { lastId: number }) => range.lastId > (afterId ?? 0) && range.lastId <= end;
      const employees = built.filter(isInside).reduce((sum, range) => sum + range.employees, 0);
      built = [
        ...built.filter(({ lastId: id }) => id <= (afterId ?? 0)),
        { lastId: end, employees },
        ...built.filter(({ lastId: id }) => id > end),
      ];
    }
  }
  expect(built.reduce((sum, range) => sum + range.employees, 0)).toBe(152 * FULL);
  expect(built.length).toBeLessThan(20);
});
