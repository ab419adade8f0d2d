import { expect, test } from 'vitest';
import { positionOf, type ScrollPosition, scrollTo, shownHeight } from './scroll-position.ts';

const ROW = 44;
const MILLION = { real: 1_000_000 * ROW, view: 600 };
const TOP: ScrollPosition = { shown: 0, real: 0 };

/** Scrolls by the same short way again and again, as a browser does: never beyond the element. */
function wheel(from: ScrollPosition, by: number, times: number): ScrollPosition[] {
  const positions = [from];
  for (let time = 0; time < times; time++) {
    const before = positions.at(-1) ?? from;
    const last = shownHeight(MILLION) - MILLION.view;
    positions.push(scrollTo(before, Math.min(last, Math.max(0, before.shown + by)), MILLION));
  }
  return positions;
}

test('a list that fits into an element is where the element is', () => {
  const size = { real: 10_000, view: 600 };
  expect(shownHeight(size)).toBe(10_000);
  expect(scrollTo(TOP, 5000, size)).toEqual({ shown: 5000, real: 5000 });
});

test('a million rows are in an element that browsers draw, and both of its ends are theirs', () => {
  expect(shownHeight(MILLION)).toBe(12_000_000);
  expect(scrollTo(TOP, 12_000_000 - 600, MILLION).real).toBe(44_000_000 - 600);
  expect(scrollTo({ shown: 12_000_000 - 600, real: 44_000_000 - 600 }, 0, MILLION)).toEqual(TOP);
  expect(scrollTo(TOP, 6_000_000 - 300, MILLION).real).toBe(22_000_000 - 300);
});

test.each([
  ['down', TOP, 540],
  ['up', positionOf(44_000_000, MILLION), -540],
] as const)(
  'by the keys, %s from one end to the other, no row is passed over and both ends are reached',
  (_way, from, by) => {
    const positions = wheel(from, by, 90_000);
    const steps = positions.slice(1).map((position, index) => Math.abs(position.real - (positions[index]?.real ?? 0)));

    expect(Math.max(...steps)).toBe(540);
    expect(positions.at(-1)).toEqual(by > 0 ? { shown: 12_000_000 - 600, real: 44_000_000 - 600 } : TOP);
  },
);

test('the place of a row is where scrolling leads', () => {
  for (const real of [0, 123, 49_999, 50_000, 20_000_000, 43_990_000]) {
    const { shown } = positionOf(real, MILLION);
    const back = scrollTo(TOP, shown, MILLION).real;
    expect(Math.abs(back - real), `${real}`).toBeLessThan(ROW);
  }
});
