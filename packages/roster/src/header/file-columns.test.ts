import { expect, test } from 'vitest';
import { FILE_COLUMNS_MAX, fileColumnsOf } from './file-columns.ts';

test('a column has its place, its name as the file spells it, and its first values that are not blank', () => {
  const rows = [
    ['Ann', ''],
    ['', '="0770"'],
    ['Bob', 'n/a', 'more'],
    ['Cy', '2'],
    ['Di', '3'],
  ];

  expect(fileColumnsOf({ cells: [' Wer ', 'Tel'], rows })).toEqual([
    { position: 1, cell: 'Wer', values: ['Ann', 'Bob', 'Cy'] },
    { position: 2, cell: 'Tel', values: ['0770', '2', '3'] },
  ]);
});

test('the columns of a file without a header have no names, and are as many as its longest row has', () => {
  expect(fileColumnsOf({ cells: [], rows: [['Ann'], ['Bob', 'Acme']] })).toEqual([
    { position: 1, cell: null, values: ['Ann', 'Bob'] },
    { position: 2, cell: null, values: ['Acme'] },
  ]);
});

test('of a hostile header so much is shown as a person can use', () => {
  const columns = fileColumnsOf({ cells: Array.from({ length: 16_000 }, () => 'x'.repeat(5000)), rows: [] });

  expect(columns).toHaveLength(FILE_COLUMNS_MAX);
  expect(columns[0]?.cell).toHaveLength(1000);
});
