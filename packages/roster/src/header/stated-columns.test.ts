import { describe, expect, it } from 'vitest';
import type { HeaderSettings } from './header.ts';
import { readHeader } from './read-header.ts';

const HEADER = 'Nr;Mitarbeitende Person;Firma;Telefon;E-Mail;E-Mail';

function read(settings: HeaderSettings, ...lines: string[]) {
  return readHeader(
    lines.map((line, index) => ({ line: index + 1, fields: line.split(';') })),
    settings,
  );
}

function headerOf(settings: HeaderSettings, ...lines: string[]) {
  const result = read(settings, ...lines);
  if (!result.ok) throw new Error(result.failure.detail);
  return result.header;
}

describe('stated columns', () => {
  it.each<[string, HeaderSettings['columns'], object]>([
    ['by name', { employee_name: 'Mitarbeitende Person', email: 5 }, { employee_name: 1, email: 4 }],
    ['by a name in another spelling', { employee_name: ' mitarbeitende_person', email: 5 }, { employee_name: 1 }],
    ['by position', { employee_name: 2, email: 6 }, { employee_name: 1, email: 5 }],
    ['joined', { employee_name: ['Mitarbeitende Person', 1], email: 5 }, { employee_name: [[1, 0]] }],
    ['instead of what would be found', { employee_name: 2, company_name: 1, email: 5 }, { company_name: 0 }],
  ])('are read %s, and the others as found', (_, columns, expected) => {
    const { map } = headerOf({ columns }, HEADER);
    expect(map.positions).toMatchObject({ mobile_no: 3, ...expected });
  });

  it('leave the field that would have been found to nothing else', () => {
    const { map, ignoredColumns } = headerOf({ columns: { mobile_no: 'Pager' } }, 'Name;Company;Mobile;Email;Pager');
    expect(map.positions.mobile_no).toBe(4);
    expect(ignoredColumns).toEqual(['Mobile']);
  });

  it('tell which record is the header', () => {
    const lines = ['Staff', 'who;Firma;mail', 'Ann;Acme;a@x.io'];
    expect(headerOf({ columns: { employee_name: 'who' } }, ...lines)).toMatchObject({ line: 2, skipped: [1] });
  });

  it('by position alone do not make a header of the first row', () => {
    const columns = { employee_name: 1, company_name: 2, email: 3 };
    expect(headerOf({ columns }, 'a;b;c', 'Ann;Acme;a@x.io').map.hasHeader).toBe(true);
    expect(headerOf({ columns }, 'Ann;Acme;a@x.io').map.hasHeader).toBe(false);
  });
});

describe('a constant', () => {
  it('is the value of all rows, and its column need not be there', () => {
    const { map, columns } = headerOf({ constants: { company_name: 'Acme' } }, 'Name;Email');
    expect(map).toEqual({
      hasHeader: true,
      width: 2,
      positions: { employee_name: 0, email: 1 },
      constants: { company_name: 'Acme' },
    });
    expect(columns.company_name).toBeNull();
  });

  it('goes before a column that is there', () => {
    const { map, ignoredColumns } = headerOf({ constants: { company_name: 'Acme' } }, 'Name;Company;Firma;Email');
    expect(map.positions).toEqual({ employee_name: 0, email: 3 });
    expect(ignoredColumns).toEqual(['Company', 'Firma']);
  });

  it('is what a file without a company is told to state', () => {
    const result = read({}, 'Name;Email', 'Ann;a@x.io');
    expect(result).toMatchObject({
      ok: false,
      failure: {
        code: 'missing_columns',
        detail:
          'The header lacks company_name. It has: "Name", "Email". If it is the same in all rows, state it with the file: constants.company_name=… (docs/files.md, "State what the file does not say").',
        columns: ['company_name'],
      },
    });
  });
});

describe('settings that are not for the file are refused with what it has', () => {
  it.each<[string, HeaderSettings, string]>([
    [
      'a name that it lacks',
      { columns: { employee_name: 'Wer' } },
      'employee_name: the header has no "Wer". It has: "Nr",',
    ],
    [
      'a name that it has twice',
      { columns: { email: 'E-Mail' } },
      'email: the header has "E-Mail" 2 times: state the position',
    ],
    ['a position beyond its width', { columns: { email: 7 } }, 'email: position 7 is none of 1 to 6.'],
    ['a position of 0', { columns: { email: 0 } }, 'email: position 0 is none of 1 to 6.'],
    ['a position that is none', { columns: { email: 1.5 } }, 'email: position 1.5 is none of 1 to 6.'],
    ['no field', { columns: { email: [] } }, 'email: no field is stated.'],
    [
      'a field twice',
      { columns: { employee_name: 2, company_name: 2 } },
      'company_name: field 2 is stated for employee_name already.',
    ],
    [
      'a field twice in a list',
      { columns: { employee_name: [2, 2] } },
      'employee_name: field 2 is stated for employee_name already.',
    ],
    [
      'a column and a constant',
      { columns: { company_name: 3 }, constants: { company_name: 'Acme' } },
      'company_name: it is stated as a constant as well.',
    ],
    [
      'a line on which nothing begins',
      { headerLine: 9 },
      'the header is stated to be on line 9, where none of the first 2 records begins.',
    ],
    [
      'a name, of a file without a header',
      { headerLine: 0, columns: { email: 'E-Mail' } },
      'email: "E-Mail" is a name, and the file has no header',
    ],
  ])('%s', (_, settings, detail) => {
    const result = read(settings, HEADER, '1;Ann;Acme;030;a@x.io;');
    if (result.ok) throw new Error('not refused');
    expect(result.failure.code).toBe('settings_mismatch');
    expect(result.failure.detail).toContain(`The import settings are not for this file: ${detail}`);
    expect(result.failure.detail.length).toBeLessThan(4096);
  });
});

describe('a stated header line', () => {
  it('is the header whatever stands above it', () => {
    const lines = ['Name;Company;Email', 'Ann;Acme;a@x.io', 'Name;Firma;Mail', 'Bob;Acme;b@x.io'];
    expect(headerOf({ headerLine: 3 }, ...lines)).toMatchObject({
      line: 3,
      skipped: [1, 2],
      cells: ['Name', 'Firma', 'Mail'],
    });
  });
});
