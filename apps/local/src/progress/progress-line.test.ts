import { expect, test } from 'vitest';
import { progressLine, rowsPerSecond } from './progress-line.ts';

test('there is no line while nothing is under way', () => {
  expect(progressLine([], 0)).toBeUndefined();
});

test('one line sums up all files, with a bar once all their rows are known', () => {
  const known = [
    { id: 'a', recorded: 250_000, total_rows: 1_000_000 },
    { id: 'b', recorded: 250_000, total_rows: 1_000_000 },
  ];
  expect(progressLine(known, 21_412.4)).toBe(
    'Importing 2 files  ██████░░░░░░░░░░░░░░░░░░ 25 %  500,000 of 2,000,000 rows  21,412 rows/s',
  );
  expect(progressLine([...known, { id: 'c', recorded: 1, total_rows: null }], 0)).toBe(
    'Importing 3 files  500,001 rows  0 rows/s',
  );
});

test('the last row alone makes it 100 %', () => {
  expect(progressLine([{ id: 'a', recorded: 999, total_rows: 1000 }], 0)).toContain(' 99 % ');
  expect(progressLine([{ id: 'a', recorded: 1000, total_rows: 1000 }], 0)).toContain(' 100 % ');
  expect(progressLine([{ id: 'a', recorded: 0, total_rows: 0 }], 0)).toContain(' 100 % ');
});

test('the rate is that of the rows since the last look, of files that came since then too', () => {
  const before = [
    { id: 'a', recorded: 100, total_rows: null },
    { id: 'gone', recorded: 5000, total_rows: 5001 },
  ];
  const now = [
    { id: 'a', recorded: 300, total_rows: null },
    { id: 'new', recorded: 50, total_rows: null },
  ];
  expect(rowsPerSecond(before, now, 0.5)).toBe(500);
  expect(rowsPerSecond([], [], 0.5)).toBe(0);
});
