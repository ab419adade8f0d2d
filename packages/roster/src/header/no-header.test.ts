import { describe, expect, it } from 'vitest';
import type { HeaderSettings } from './header.ts';
import { readHeader } from './read-header.ts';

function read(rows: string[], settings?: HeaderSettings) {
  const records = rows.map((row, index) => ({ line: index + 1, fields: row.split(';') }));
  return readHeader(records, settings);
}

function mapOf(rows: string[], settings?: HeaderSettings) {
  const result = read(rows, settings);
  if (!result.ok) throw new Error(result.failure.detail);
  return result.header.map;
}

function failureOf(rows: string[], settings?: HeaderSettings) {
  const result = read(rows, settings);
  if (result.ok) throw new Error('not refused');
  return result.failure;
}

describe('a file without a header in another order', () => {
  const swapped = [
    'ann@x.example;Ann Frost;Oakline;07700 902601',
    'bob@x.example;Bob Gray;Oakline;07700 902602',
    'cy@x.example;Cy Hill;Elm;',
  ];

  it('is read where its values tell which column is which', () => {
    const result = read(swapped);
    expect(result).toMatchObject({
      ok: true,
      header: {
        map: { hasHeader: false, width: 4, positions: { email: 0, employee_name: 1, company_name: 2, mobile_no: 3 } },
        line: null,
        cells: ['email', 'employee_name', 'company_name', 'mobile_no'],
        columns: { employee_name: null, email: null },
        warnings: [
          {
            code: 'column_chosen',
            column: null,
            text: 'The file has no header. By the values, employee_name is field 2, company_name is field 3, mobile_no is field 4, email is field 1',
          },
        ],
      },
    });
  });

  it('is read where companies have a legal form', () => {
    const rows = ['Acme Ltd;Ann Frost;a@x.io', 'Eichwerk GmbH;Bob Gray;b@x.io', 'Oak, Inc.;Cy Hill;c@x.io'];
    expect(mapOf(rows).positions).toEqual({ company_name: 0, employee_name: 1, email: 2 });
  });

  it('is read though there are other columns that look like none', () => {
    const rows = ['1;Ann Frost;Oakline;2020-01-02;a@x.io;', '2;Bob Gray;Oakline;2021-02-03;b@x.io;9.5'];
    expect(mapOf(rows)).toMatchObject({ width: 6, positions: { employee_name: 1, company_name: 2, email: 4 } });
  });

  it.each([
    ['names and companies look alike', ['a@x.io;Ann;Oak', 'b@x.io;Bob;Elm']],
    ['two columns repeat', ['a@x.io;Ann Frost;Oak;Yard', 'b@x.io;Bob Gray;Oak;Yard']],
    ['there are two addresses', ['a@x.io;a@y.io;Ann Frost;Oak', 'b@x.io;b@y.io;Bob Gray;Oak']],
    ['there is one row', ['a@x.io;Ann Frost;Oak']],
  ])('is refused where %s, and says which field looks like what', (_, rows) => {
    const failure = failureOf(rows);
    expect(failure).toMatchObject({ code: 'missing_columns', columns: ['employee_name', 'company_name', 'email'] });
    expect(failure.detail).toContain('By the values, field 1 looks like email, ');
    expect(failure.detail).toContain('state the positions');
  });

  it('is read as stated', () => {
    const columns = { employee_name: 2, company_name: 3, email: 1 };
    expect(mapOf(['a@x.io;Ann;Oak', 'b@x.io;Bob;Elm'], { columns }).positions).toEqual({
      employee_name: 1,
      company_name: 2,
      email: 0,
    });
    expect(
      mapOf(['Ann;Lee;a@x.io'], { columns: { employee_name: [1, 2], email: 3 }, constants: { company_name: 'Acme' } }),
    ).toEqual({
      hasHeader: false,
      width: 3,
      positions: { employee_name: [[0, 1]], email: 2 },
      constants: { company_name: 'Acme' },
    });
  });
});

describe('a file without a header in our order', () => {
  it('is read by position where its values say nothing', () => {
    expect(mapOf(['Ann;Acme;0301234567;a@x.io']).positions).toMatchObject({ employee_name: 0, company_name: 1 });
  });

  it('is read by its values where they clearly say another', () => {
    const rows = Array.from({ length: 5 }, (_, index) => `Oakline;${'ABCDE'[index]}nn Frost;0301234567;a${index}@x.io`);
    expect(mapOf(rows).positions).toMatchObject({ employee_name: 1, company_name: 0, mobile_no: 2, email: 3 });
  });
});

it('headerLine 0 says that a first row which reads like a header is none', () => {
  const rows = ['Name;Company;Phone;Mail', 'Ann;Acme;030;a@x.io'];
  const columns = { employee_name: 1, company_name: 2, mobile_no: 3, email: 4 };
  expect(mapOf(rows)).toMatchObject({ hasHeader: true });
  expect(mapOf(rows, { headerLine: 0, columns })).toMatchObject({ hasHeader: false, width: 4 });
});
