import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Header } from './header.ts';
import { readHeader } from './read-header.ts';

/** Records that begin on lines 1, 2, 3, … */
function recordsOf(rows: readonly (readonly string[])[]) {
  return rows.map((fields, index) => ({ line: index + 1, fields }));
}

function headerOf(...cells: string[]): Header {
  const result = readHeader(recordsOf([cells]));
  if (!result.ok) throw new Error(`refused: ${result.failure.detail}`);
  return result.header;
}

function failureOf(...cells: string[]) {
  const result = readHeader(recordsOf([cells]));
  if (result.ok) throw new Error('not refused');
  return result.failure;
}

describe('names', () => {
  it.each([
    ['employee_name', 'company_name', 'mobile_no', 'email'],
    ['Employee Name', 'Company', 'Mobile', 'E-mail'],
    ['Full name', 'Organisation', 'Phone number', 'Mail'],
    ['NAME', 'ORGANIZATION', 'PHONE', 'EMAIL'],
    ['name', 'Employer', 'Tel.', 'e_mail'],
    ['Name *', 'Company:', 'Mobile #', 'E-Mail Address'],
    ['Ｎａｍｅ', 'Company', 'Mobile', 'Email'],
    ['Employee\u00a0Name', '\u00a0Company', 'Mobile\u00a0No\u00a0', 'E\u2011mail'],
    ['\ufeffName', 'Company', 'Phone', 'Mail'],
    ['\ufeff"Name"', '"Company"', "'Phone'", 'Mail'],
    ['Employee\r\nName', 'Company', 'Phone', 'EMAİL'],
  ])('%j, %j, %j and %j are the four columns', (...cells) => {
    expect(headerOf(...cells).map).toEqual({
      hasHeader: true,
      width: 4,
      positions: { employee_name: 0, company_name: 1, mobile_no: 2, email: 3 },
    });
  });

  test('the columns may come in any order, among others, which are ignored and listed', () => {
    const header = headerOf('ID', 'Email', ' Dept. ', 'Phone', 'Company', 'Name', 'line', 'error_code', 'error');

    expect(header.map).toEqual({
      hasHeader: true,
      width: 9,
      positions: { employee_name: 5, company_name: 4, mobile_no: 3, email: 1 },
    });
    expect(header.columns).toEqual({
      employee_name: 'Name',
      company_name: 'Company',
      mobile_no: 'Phone',
      email: 'Email',
    });
    expect(header.ignoredColumns).toEqual(['ID', 'Dept.', 'line', 'error_code', 'error']);
    expect(header.cells).toEqual(['ID', 'Email', ' Dept. ', 'Phone', 'Company', 'Name', 'line', 'error_code', 'error']);
  });

  test('empty cells at the end are no columns; in the middle they are', () => {
    const header = headerOf('Name', '', 'Company', 'Phone', 'Mail', '', ' ');

    expect(header.map.width).toBe(5);
    expect(header.map.positions).toEqual({ employee_name: 0, company_name: 2, mobile_no: 3, email: 4 });
    expect(header.ignoredColumns).toEqual(['']);
  });

  test('of a thousand ignored columns with long names a list is kept that fits into a message', () => {
    const many = Array.from({ length: 1000 }, (_, index) => `${'😀'.repeat(500)} ${index}`);
    const header = headerOf('Name', 'Company', 'Phone', 'Mail', ...many);

    expect(header.ignoredColumns).toHaveLength(100);
    expect(Math.max(...header.ignoredColumns.map((name) => name.length))).toBeLessThanOrEqual(100);
    expect(header.ignoredColumns.every((name) => name.isWellFormed())).toBe(true);
    expect(header.map.width).toBe(1004);
  });

  test('whatever the first record is, an answer comes, and a map points into it', () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom('name', 'company', 'phone', 'mail', 'x@y', ''));
    fc.assert(
      fc.property(fc.array(cell, { maxLength: 8 }), (cells) => {
        const result = readHeader(recordsOf([cells]));
        if (!result.ok) {
          expect(result.failure.detail.length).toBeLessThan(4096);
          return;
        }
        const { positions, width } = result.header.map;
        const fields = Object.values(positions).flat(2);
        expect(new Set(fields).size).toBe(fields.length);
        expect(Object.keys(positions)).toEqual(expect.arrayContaining(['employee_name', 'company_name', 'email']));
        expect(Math.max(...fields)).toBeLessThan(width);
        expect(width).toBeLessThanOrEqual(cells.length);
      }),
    );
  });
});

describe('two columns for one field', () => {
  it('are refused where neither is more specific, and named as the file spells them', () => {
    expect(failureOf('Name', 'Company', 'Cell', 'Mobile', 'E-Mail', 'email')).toEqual({
      code: 'ambiguous_columns',
      detail:
        'More than one column of the header could be mobile_no ("Cell", "Mobile"), email ("E-Mail", "email"). Rename or remove all but one.',
      columns: ['mobile_no', 'email'],
    });
  });

  it('are the first thing said, also when another is missing', () => {
    expect(failureOf('Name', 'NAME').code).toBe('ambiguous_columns');
  });

  it('are no concern among ignored columns', () => {
    expect(headerOf('Name', 'Company', 'Phone', 'Mail', 'x', 'x').ignoredColumns).toEqual(['x', 'x']);
  });
});

describe('a missing column', () => {
  it('is named, with what was found', () => {
    expect(failureOf('Full Name', ' Dept ', 'Phone', '')).toEqual({
      code: 'missing_columns',
      detail: 'The header lacks company_name, email. It has: "Full Name", "Dept", "Phone".',
      columns: ['company_name', 'email'],
    });
  });

  it('is every required one where a title stands in the place of the header', () => {
    const { code, detail, columns } = failureOf('Staff list 2026');
    expect({ code, columns }).toEqual({ code: 'missing_columns', columns: ['employee_name', 'company_name', 'email'] });
    expect(detail).toContain('It has: "Staff list 2026".');
    expect(detail).toContain('in this order: employee_name, company_name, mobile_no, email');
  });

  it('is told with the beginning of what was found where that is long', () => {
    expect(failureOf('employee_name;company_name;mobile_no;email').detail).toContain(
      'It has: "employee_name;company_name;mobile_no;em…".',
    );
  });

  it('is told in a few lines, however much there is instead', () => {
    const { detail } = failureOf(...Array.from({ length: 5000 }, () => 'x'.repeat(5000)));
    expect(detail.length).toBeLessThan(2000);
    expect(detail).toContain('and 4980 more');
  });
});

describe('an optional column', () => {
  it('may be missing: it is read from nowhere, and said to be so', () => {
    const { map, columns } = headerOf('Name', 'Company', 'Mail');
    expect(map).toEqual({ hasHeader: true, width: 3, positions: { employee_name: 0, company_name: 1, email: 2 } });
    expect(columns).toEqual({ employee_name: 'Name', company_name: 'Company', mobile_no: null, email: 'Mail' });
  });
});

describe('a header of a hostile file', () => {
  it('may have as many columns as a sheet, and is refused before its names are looked at where it has more', () => {
    const ours = ['name', 'company', 'email'];
    const others = Array.from({ length: 16_384 - ours.length }, (_, index) => `x${index}`);
    expect(headerOf(...others, ...ours, '', '\u200b').map.width).toBe(16_384);
    expect(failureOf(...ours, ...others, 'one more')).toEqual({
      code: 'too_many_columns',
      detail: 'The header has 16385 columns, at most 16384 are read. Remove the columns that are not needed.',
    });
  });

  it('has no name in a cell far too long, which nothing is made of', () => {
    const marks = '\u0323\u0301'.repeat(32 * 1024);
    const started = process.threadCpuUsage().user;
    expect(headerOf('name', 'company', 'email', ...Array(60).fill(marks)).map.width).toBe(63);
    expect(failureOf('name', 'company', `email${' '.repeat(200)}`).code).toBe('missing_columns');
    expect((process.threadCpuUsage().user - started) / 1000).toBeLessThan(5000);
  });

  it.each(['('.repeat(200), '- '.repeat(100), 'a/'.repeat(100), '(a'.repeat(100), `${'-'.repeat(190)}required`])(
    'of cells that look like many hints takes little time: %s',
    (cell) => {
      const started = process.threadCpuUsage().user;
      expect(failureOf(...Array(16_000).fill(cell)).code).toBe('missing_columns');
      expect((process.threadCpuUsage().user - started) / 1000).toBeLessThan(5000);
    },
  );

  it('of equal names is refused at once', () => {
    const started = process.threadCpuUsage().user;
    expect(failureOf(...Array(16_384).fill('name')).detail).toContain('and 16364 more');
    expect((process.threadCpuUsage().user - started) / 1000).toBeLessThan(1000);
  });
});

describe('a file without a header', () => {
  it.each([
    [['Jane Doe', 'Acme', '+44 20 7946 0018', 'jane@acme.example']],
    [['Jane Doe', 'Acme', '+44 20 7946 0018', ' jane@acme.example ', '']],
    [['', '', '', 'not-really@an-address']],
  ])('is read by position: %j', (cells) => {
    expect(headerOf(...cells)).toMatchObject({
      map: {
        hasHeader: false,
        width: 4,
        positions: { employee_name: 0, company_name: 1, mobile_no: 2, email: 3 },
      },
      line: null,
      skipped: [],
      warnings: [],
      cells: ['employee_name', 'company_name', 'mobile_no', 'email'],
      columns: { employee_name: null, company_name: null, mobile_no: null, email: null },
      ignoredColumns: [],
    });
  });

  it.each([
    ['the fourth is no e-mail', ['Jane Doe', 'Acme', '+44 20 7946 0018', 'London']],
    ['there are five fields', ['Jane Doe', 'Acme', '+44 20 7946 0018', 'jane@acme.example', 'London']],
    ['there are three fields', ['Jane Doe', 'Acme', 'jane@acme.example']],
    ['one of them is a name of ours', ['Name', 'Acme', '+44 20 7946 0018', 'jane@acme.example']],
  ])('is refused where %s', (_, cells) => {
    expect(failureOf(...cells).code).toBe('missing_columns');
  });
});
