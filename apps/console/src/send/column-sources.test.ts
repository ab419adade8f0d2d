import { expect, test } from 'vitest';
import { columnOf, sourceOf } from './column-sources.ts';

const columns = ['Name', 'Phone', 'Phone', '', null, 'x'.repeat(201), 'Name '].map((cell, index) => ({
  position: index + 1,
  cell,
  values: [],
}));

test('a column is named by its cell where that tells it apart, and else by its position', () => {
  expect(columns.map((column) => sourceOf(column, columns))).toEqual(['Name', 2, 3, 4, 5, 6, 'Name ']);
});

test('the column that settings name is found again', () => {
  for (const column of columns) expect(columnOf(sourceOf(column, columns), columns)).toBe(column);
  expect(columnOf('Mail', columns)).toBeUndefined();
});
