import { describe, expect, it } from 'vitest';
import type { HeaderSettings } from './header.ts';
import { readHeader } from './read-header.ts';

const HEADER = ['Name', 'Company', 'Mobile', 'Email'];
const ROW = ['Ann Lee', 'Acme', '030 1234567', 'ann@acme.example'];

function read(rows: readonly (readonly string[])[], settings?: HeaderSettings) {
  return readHeader(
    rows.map((fields, index) => ({ line: 10 * (index + 1), fields })),
    settings,
  );
}

function headerOf(...args: Parameters<typeof read>) {
  const result = read(...args);
  if (!result.ok) throw new Error(result.failure.detail);
  return result.header;
}

function failureOf(...args: Parameters<typeof read>) {
  const result = read(...args);
  if (result.ok) throw new Error('not refused');
  return result.failure;
}

const POSITIONS = { employee_name: 0, company_name: 1, mobile_no: 2, email: 3 };

describe('a header below other lines', () => {
  it.each([
    ['a #TYPE line', [['#TYPE Selected.ADUser']]],
    ['a title and a note', [['Staff list as of 1 March', '', '', ''], ['Department: Yard']]],
    ['a broken record', [[]]],
    ['a note with an address', [['Questions:', 'hr@acme.example']]],
    ['29 lines', Array.from({ length: 29 }, (_, index) => [`note ${index}`])],
  ])('is found: %s', (_, above) => {
    const { map, line, skipped, warnings } = headerOf([...above, HEADER, ROW]);
    expect(map).toEqual({ hasHeader: true, width: 4, positions: POSITIONS });
    expect(line).toBe(10 * (above.length + 1));
    expect(skipped).toEqual(above.map((_, index) => 10 * (index + 1)));
    expect(warnings).toEqual([
      {
        code: 'lines_skipped',
        column: null,
        text: `Lines above the header, which is on line ${line}, are no rows and were passed over`,
        count: above.length,
        lines: skipped.slice(0, 10),
      },
    ]);
  });

  it('is the first of two that name all columns', () => {
    expect(headerOf([['Title'], HEADER, ROW, HEADER]).line).toBe(20);
  });

  it('is preferred to a line that names only some', () => {
    expect(headerOf([['Company', 'Acme'], HEADER, ROW]).line).toBe(20);
  });

  it('is not looked for below the first 30 records', () => {
    const above = Array.from({ length: 30 }, () => ['note']);
    expect(failureOf([...above, HEADER, ROW]).code).toBe('missing_columns');
  });

  it('that lacks a column is what the failure tells of, and where it is', () => {
    expect(failureOf([['Staff list'], ['Name', 'Company', 'Phone'], ['Ann', 'Acme', '1']])).toMatchObject({
      code: 'missing_columns',
      detail: 'The header on line 20 lacks email. It has: "Name", "Company", "Phone".',
    });
  });
});

describe('rows above what reads like a header', () => {
  it('are rows: a file of our own order has no header', () => {
    expect(headerOf([ROW, ROW, HEADER, ROW])).toMatchObject({ line: null, skipped: [], map: { hasHeader: false } });
  });

  it('are not passed over where their order is not known', () => {
    const wide = ['1', 'Ann Lee', 'x', 'y', 'ann@acme.example'];
    expect(failureOf([wide, ['ID', ...HEADER], wide])).toEqual({
      code: 'missing_columns',
      detail:
        'Line 20 reads like the header, but line 10 above it like an employee. Move the header to the top, or state its line with the file (headerLine=20).',
      columns: ['employee_name', 'company_name', 'email'],
    });
    expect(headerOf([wide, ['ID', ...HEADER], wide], { headerLine: 20 })).toMatchObject({ line: 20, skipped: [10] });
  });
});

describe('the header that a profile was made for', () => {
  const expectedHeader = { profile: 'payroll', cells: ['Who', 'Mail'] };
  const settings = { expectedHeader, columns: { employee_name: 'Who' }, constants: { company_name: 'Acme' } };

  it('is found below other lines', () => {
    const { line, map } = headerOf([['Payroll'], ['who ', 'MAIL'], ['Ann', 'ann@acme.example']], settings);
    expect({ line, positions: map.positions }).toEqual({ line: 20, positions: { employee_name: 0, email: 1 } });
  });

  it.each([
    ['has another', [['Name', 'Mail', 'City']]],
    ['has none', [ROW]],
  ])('is missed in a file that %s', (_, rows) => {
    expect(failureOf(rows, settings)).toMatchObject({
      code: 'profile_mismatch',
      detail: expect.stringContaining('Missing: "Who"'),
    });
  });
});
