import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { correctedCsv, isSame, valuesOf } from './corrected-csv.ts';

const ANN = { employee_name: 'Ann "A" Lee', company_name: 'Oak, Ltd', mobile_no: '', email: 'ann@x.example' };

test('corrected rows are a CSV file with our own header, whatever is in their cells', () => {
  const rows = [ANN, { ...ANN, employee_name: 'two\r\nlines', email: 'b@x.example' }];

  expect(parse(correctedCsv(rows), { columns: true })).toEqual(rows);
});

test('cells that were changed and changed back are the same', () => {
  expect(isSame({ ...ANN }, ANN)).toBe(true);
  expect(isSame({ ...ANN, mobile_no: '1' }, ANN)).toBe(false);
  expect(isSame(ANN, undefined)).toBe(false);
});

test('a value that a row lacks is an empty cell', () => {
  expect(valuesOf({ employee_name: 'Ann', mobile_no: null })).toEqual({
    employee_name: 'Ann',
    company_name: '',
    mobile_no: '',
    email: '',
  });
});

test.each([[['a', 'b']], ['a line']])('a row whose fields do not fit the columns has no cells: %j', (raw) => {
  expect(valuesOf(raw)).toBeUndefined();
});
