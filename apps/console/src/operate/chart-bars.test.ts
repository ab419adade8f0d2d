import { expect, test } from 'vitest';
import { barsOf, rowsOf } from './chart-bars.ts';

const NONE = { inserted: 0, updated: 0, unchanged: 0, superseded: 0, rejected: 0, dead: 0 };
const step = (from: number, to: number, rows: Partial<typeof NONE>) => ({
  from: new Date(Date.UTC(2026, 0, 1, 9, from)).toISOString(),
  to: new Date(Date.UTC(2026, 0, 1, 9, to)).toISOString(),
  rows: { ...NONE, ...rows },
});

test('bars are as wide as their time and as high as their rows a minute, and minutes without rows have none', () => {
  const { bars, maxPerMinute } = barsOf([
    step(0, 30, { inserted: 300 }),
    step(30, 31, {}),
    step(57, 60, { inserted: 30, dead: 30 }),
  ]);

  expect(maxPerMinute).toBe(20);
  expect(bars).toHaveLength(2);
  expect(bars[0]).toMatchObject({ x: 0, width: 0.5, parts: [{ outcome: 'inserted', y: 0.5, height: 0.5 }] });
  expect(bars[1]?.x).toBeCloseTo(0.95);
  expect(bars[1]?.parts).toEqual([
    { outcome: 'inserted', y: 0.5, height: 0.5 },
    { outcome: 'dead', y: 0, height: 0.5 },
  ]);
  expect(bars.map((bar) => rowsOf(bar.step))).toEqual([300, 60]);
});

test('nothing yet is no bars', () => {
  expect(barsOf([])).toEqual({ bars: [], maxPerMinute: 0 });
});
