import { describe, expect, it, test } from 'vitest';
import { byColumn, type Column } from './columns.ts';
import { ValueWarnings } from './value-warnings.ts';

const GOOD = { employee_name: 'Ann Lee', company_name: 'Acme Ltd', mobile_no: '0301234567', email: 'ann@acme.example' };

/** The codes that one row with these values is warned of, by column. */
function codesOf(values: Partial<Record<Column, string>>): Record<string, string[]> {
  const warnings = new ValueWarnings();
  warnings.see({ line: 2, ...GOOD, ...values });
  return Object.fromEntries(
    Object.entries(Object.groupBy(warnings.list(), ({ column }) => String(column))).map(([column, list = []]) => [
      column,
      list.map(({ code }) => code),
    ]),
  );
}

describe('signs written as HTML are warned of', () => {
  it.each([
    'O&#39;Neil',
    'O&#x27;Neil',
    'Oak &amp; Line',
    'Jos&eacute;',
    'Ren&eacute; &lt;b&gt;',
    'Ann&nbsp;Lee',
    'M&Uuml;LLER',
  ])('%s', (name) => {
    expect(codesOf({ employee_name: name })).toEqual({ employee_name: ['html_entities'] });
  });
});

test.each(['Müller & Söhne', 'AT&T', 'R&D; Sales', 'A & B; C', '& Co', 'Marks&Spencer', 'H&M; B&Q'])(
  'nothing is said of %s',
  (name) => {
    expect(codesOf({ employee_name: name, company_name: name })).toEqual({});
  },
);

test('each column has its own count, the first ten lines and a text', () => {
  const warnings = new ValueWarnings();
  for (let line = 2; line < 14; line++) warnings.see({ line, ...GOOD, employee_name: 'O&#39;Neil' });
  warnings.see({ line: 14, ...GOOD, company_name: 'Oak &amp; Line' });

  expect(warnings.list()).toEqual([
    {
      code: 'html_entities',
      column: 'employee_name',
      text: expect.stringMatching(/^employee_name has signs written as HTML/),
      count: 12,
      lines: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
    },
    {
      code: 'html_entities',
      column: 'company_name',
      text: expect.stringMatching(/^company_name has/),
      count: 1,
      lines: [14],
    },
  ]);
});

test('a record that could not be shaped is passed over', () => {
  const warnings = new ValueWarnings();
  warnings.see({
    line: 2,
    raw: ['O&#39;Neil'],
    errors: [{ code: 'field_count', column: null, message: 'has 1 field' }],
  });

  expect(warnings.list()).toEqual([]);
});

test('a row of blank cells is warned of nothing', () => {
  expect(codesOf(byColumn(() => ''))).toEqual({});
});
