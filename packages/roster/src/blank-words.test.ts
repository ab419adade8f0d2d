import { expect, test } from 'vitest';
import { isBlankWord, standsForNothing } from './blank-words.ts';
import { COLUMNS, type RowValues } from './columns.ts';
import { checkRow } from './employee.ts';
import { rowShaper } from './row.ts';

const GOOD: RowValues = {
  employee_name: 'Jane Doe',
  company_name: 'Acme',
  mobile_no: '0123456789',
  email: 'jane@x.org',
};

const WORDS = [
  ...['NULL', 'null', '(null)', '[NULL]', '<null>', '\\N', 'nil', 'None', 'none', 'undefined', 'NaN', 'nan', '<NA>'],
  ...['N/A', 'n/a', 'n.a.', 'k.A.', '#N/A', '#NV', '#REF!', '#BEZUG!', '#NAME?', '#¿NOMBRE?', '#VALUE!', '#WERT!'],
  ...['#DIV/0!', '#NULL!', '#NUM!', '#SPILL!', 'Err:502', '-', '--', '---', '–', '—', '.', '...', '…', '?', '???', '_'],
  ...['-/-', './.', '[object Object]', '#N/A N/A', '########'],
];

test.for(WORDS)('%s is a blank in every column', (word) => {
  for (const column of COLUMNS) {
    for (const value of [word, ` ${word}\u00a0`, `\u200e${word}`]) {
      const check = checkRow({ ...GOOD, [column]: value });
      if (column === 'mobile_no') expect(check).toEqual({ ok: true, employee: { ...GOOD, mobile_no: null } });
      else expect(check).toMatchObject({ ok: false, errors: [{ code: 'required', column }] });
    }
  }
});

test.for(['NULL NULL', 'undefined undefined', 'null null', '- -', 'N/A N/A', 'NA', 'na', 'NIL', 'NAN'])(
  '%s stands for no name',
  (employee_name) => {
    expect(checkRow({ ...GOOD, employee_name })).toMatchObject({ ok: false, errors: [{ code: 'required' }] });
  },
);

test.for([
  ...[
    'Null',
    'Jenny Null',
    'Nil',
    'Nan',
    'Na',
    'JENNY NULL',
    'Ann None',
    'Na Na',
    'NA NA',
    'Nonet',
    'Nulls',
    'NULL GmbH',
  ],
  ...['N', 'n', '#1 Tools', '#REF', '-Ann', '. Net', 'Undefined', 'Nancy', '(Null) Ltd', 'K.A. Kowalski', 'k.A. Ltd'],
  ...['NULL NULL NULL NULL NULL', '4711', '0', 'Err', 'Errol', '?Who', 'No', 'x'],
])('%s is a name', (employee_name) => {
  expect(checkRow({ ...GOOD, employee_name })).toEqual({ ok: true, employee: { ...GOOD, employee_name } });
});

test('the message of a blank that is one by its word says so', () => {
  expect(checkRow({ ...GOOD, email: 'NULL' })).toEqual({
    ok: false,
    errors: [
      {
        code: 'required',
        column: 'email',
        message: 'email has only a word or sign that stands for no value, such as NULL or N/A',
      },
    ],
  });
});

test('in a name of parts such a word is left out, but not a name that files in capitals have', () => {
  for (const word of ['NULL', 'N/A', '-', '.']) expect(isBlankWord(word)).toBe(true);
  for (const word of ['NA', 'NIL', 'NAN', 'Null', 'NULL NULL']) expect(isBlankWord(word)).toBe(false);
  const shape = rowShaper({
    hasHeader: true,
    width: 5,
    positions: { employee_name: [[0, 1]], company_name: 2, mobile_no: [[3], [2]], email: 4 },
  });
  const nameOf = (first: string, last: string) => shape(2, [first, last, 'Acme', '0301234567', 'a@x.io']);
  expect(nameOf('Jenny', 'NULL')).toMatchObject({ employee_name: 'Jenny' });
  expect(nameOf('Jenny', ' - ')).toMatchObject({ employee_name: 'Jenny' });
  expect(nameOf('Jenny', 'Null')).toMatchObject({ employee_name: 'Jenny Null' });
  expect(nameOf('HEE', 'NA')).toMatchObject({ employee_name: 'HEE NA' });
});

test('where a cell stands for nothing, the next column of the same field counts', () => {
  const shape = rowShaper({
    hasHeader: true,
    width: 5,
    positions: { employee_name: 0, company_name: 1, mobile_no: [[2], [3]], email: 4 },
  });
  const withNumbers = (mobile: string, phone: string) => shape(2, ['Ann', 'Acme', mobile, phone, 'a@x.io']);
  expect(withNumbers('N/A', '0301234567')).toMatchObject({ mobile_no: '0301234567' });
  expect(withNumbers(' \\N', '0301234567')).toMatchObject({ mobile_no: '0301234567' });
  expect(withNumbers('NULL', 'NULL')).toMatchObject({ mobile_no: '' });
});

test('a long value is no such word, whatever it begins with', () => {
  expect(standsForNothing('- '.repeat(100_000))).toBe(false);
  expect(standsForNothing(`N${' '.repeat(100_000)}`)).toBe(false);
});
