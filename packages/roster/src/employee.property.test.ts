import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byColumn, type RowValues } from './columns.ts';
import { checkRow } from './employee.ts';
import { fromSpreadsheet, spreadsheetProof } from './spreadsheet-safe.ts';

const GOOD: RowValues = { employee_name: 'Ann', company_name: 'Acme', mobile_no: '0301234567', email: 'ann@x.example' };

const pieces = (...list: string[]) => fc.string({ unit: fc.constantFrom(...list), minLength: 1, maxLength: 9 });
const NOISE = [
  ' ',
  '"',
  "'",
  '‘',
  '’',
  '.',
  ',',
  ';',
  ':',
  '(',
  ')',
  '[',
  ']',
  '<',
  '>',
  '=',
  '+',
  '-',
  '@',
  '\u200e',
  '\u00a0',
];
const name = pieces('Ann', 'Null', 'NULL', 'N/A', '\\N', '?', 'e\u0301', '王', '0', ...NOISE);
const number = pieces(
  '030',
  '1234567',
  '٠٧',
  '１２',
  '+44',
  'tel:',
  'x11',
  ' ext. 1',
  '(work)',
  'Mobile ',
  ';ext=1',
  '/',
  ...NOISE,
);
const address = pieces(
  'ann',
  'x.example',
  '@',
  '＠',
  'mailto:',
  'SMTP:',
  'Jane ',
  'ü',
  'münchen.de',
  '%40',
  '。',
  'xn--',
  ...NOISE,
);

const row = fc
  .tuple(
    name,
    name,
    fc.oneof(number, fc.constant('')),
    fc.oneof(
      address,
      address.map((text) => `${text}ann@x.example`),
    ),
  )
  .map(([employee_name, company_name, mobile_no, email]) => ({ employee_name, company_name, mobile_no, email }));

/** Each value alone, so that one that is refused hides no other. */
const rows = row.map((values) => Object.entries(values).map(([column, value]) => ({ ...GOOD, [column]: value })));

test('what is stored is stored as it is when it comes again, also out of an export', () => {
  let stored = 0;
  fc.assert(
    fc.property(rows, (list) => {
      for (const values of list) {
        const check = checkRow(values);
        if (!check.ok) continue;
        stored++;
        const { employee } = check;
        const again = byColumn((column) => employee[column] ?? '');
        expect(checkRow(again)).toEqual(check);
        expect(checkRow(byColumn((column) => fromSpreadsheet(spreadsheetProof(again[column]))))).toEqual(check);
      }
    }),
    { numRuns: 3000 },
  );
  expect(stored).toBeGreaterThan(3000);
});
