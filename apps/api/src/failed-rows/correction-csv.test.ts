import { CORRECTION_COLUMNS, type HeaderMap, type RowError, readHeader } from '@rowferry/roster';
import { describe, expect, it, test } from 'vitest';
import { CorrectionCsv } from './correction-csv.ts';

function sheetFor(...cells: string[]): CorrectionCsv {
  const result = readHeader([{ line: 1, fields: cells }]);
  if (!result.ok) throw new Error(result.failure.detail);
  return new CorrectionCsv({ header: result.header, delimiter: ',' });
}

const FIELD_COUNT: RowError = { code: 'field_count', column: null, message: 'has 9 fields' };
const NO_NAME: RowError = { code: 'required', column: 'employee_name', message: 'employee_name is empty' };
const NO_MAIL: RowError = { code: 'required', column: 'email', message: 'email is empty' };

describe('the header', () => {
  it('has the file’s own columns in its order and spelling, then those that are added', () => {
    expect(sheetFor(' E-Mail', 'ID', 'Full Name', 'Company', 'Mobile', '', 'Notes, if any').header()).toBe(
      '" E-Mail",ID,Full Name,Company,Mobile,,"Notes, if any",line,error_code,error\r\n',
    );
  });

  it('has the added ones once when the file was such a sheet itself', () => {
    const sheet = sheetFor('Name', 'Company', 'Phone', 'Mail', ...CORRECTION_COLUMNS);
    expect(sheet.header()).toBe('Name,Company,Phone,Mail,line,error_code,error\r\n');
    expect(
      sheet.row(
        { line: 3, raw: [], errors: [NO_NAME] },
        { line: 3, fields: ['', 'Acme', '1', 'a@b.example', '7', 'invalid_email', 'is wrong'] },
      ),
    ).toBe(',Acme,1,a@b.example,3,required,employee_name is empty\r\n');
  });

  it('keeps columns of these names that stand elsewhere', () => {
    expect(sheetFor('line', 'Name', 'Company', 'Phone', 'Mail').header()).toBe(
      'line,Name,Company,Phone,Mail,line,error_code,error\r\n',
    );
  });
});

describe('a row', () => {
  const sheet = sheetFor('ID', 'Name', 'Company', 'Phone', 'Mail');
  const failed = { line: 12, raw: [], errors: [NO_NAME, NO_MAIL] };

  it('has its fields as the file has them, its line and all its errors', () => {
    expect(sheet.row(failed, { line: 12, fields: ['1', '', 'Acme, Inc.', '+44 20 7946 0018', ''] })).toBe(
      '1,,"Acme, Inc.",+44 20 7946 0018,,12,required,employee_name is empty; email is empty\r\n',
    );
  });

  it('has 1,000 surplus fields at most, however many the record has', () => {
    const fields = ['1', 'Doe', 'Jane', 'Acme', '030', ...Array.from({ length: 100_000 }, (_, index) => `s${index}`)];
    const line = sheet.row({ ...failed, errors: [FIELD_COUNT] }, { line: 12, fields });
    expect(line.split(',').slice(8)).toEqual([...fields.slice(5, 1004), 's999\r\n']);
  });

  it('is filled up when fields are missing', () => {
    expect(sheet.row({ ...failed, errors: [FIELD_COUNT] }, { line: 12, fields: ['1', 'Ann'] })).toBe(
      '1,Ann,,,,12,field_count,has 9 fields\r\n',
    );
  });

  it('has surplus fields behind the errors, where they have no column', () => {
    const fields = ['1', 'Doe', ' Jane', 'Acme', '030', 'jane@acme.example', ''];
    expect(sheet.row({ ...failed, errors: [FIELD_COUNT] }, { line: 12, fields })).toBe(
      '1,Doe," Jane",Acme,"=""030""",12,field_count,has 9 fields,jane@acme.example,\r\n',
    );
  });

  it('whose fields could not be told apart has its text in the first column', () => {
    const record = { line: 12, raw: '"1,Ann,Acme', error: { code: 'unclosed_quote' as const, message: 'open' } };
    expect(sheet.row({ ...failed, errors: [{ ...NO_NAME, code: 'unclosed_quote' }] }, record)).toBe(
      '"""1,Ann,Acme",,,,,12,unclosed_quote,employee_name is empty\r\n',
    );
  });

  it('keeps formulas of text alone, which keep the zeros of a number', () => {
    const fields = ['="007"', '="=1"', '=""', '="0791234567"', '="079"&A1'];
    expect(sheet.row(failed, { line: 12, fields })).toBe(
      `"=""007""",'=1,"=""""","=""0791234567""","'=""079""&A1",12,required,employee_name is empty; email is empty\r\n`,
    );
  });

  it('has no cell that a spreadsheet runs, and no mark twice', () => {
    const fields = ['=1', "'=1", '+44 20 7946 0018', '@x', '-1'];
    expect(sheet.row({ ...failed, errors: [{ ...NO_NAME, message: '=2' }] }, { line: 12, fields })).toBe(
      "'=1,'=1,+44 20 7946 0018,'@x,'-1,12,required,'=2\r\n",
    );
  });
});

describe('a row whose file is gone', () => {
  const sheet = sheetFor('ID', 'Name', 'Company', 'Phone', 'Mail');

  test.each([
    [
      'values by column',
      { employee_name: 'Ann', company_name: 'Acme', mobile_no: '030', email: 'a@b' },
      ',Ann,Acme,"=""030""",a@b,',
    ],
    [
      'values by column that look like the marks of cells',
      { employee_name: "'=1", company_name: '="x"', mobile_no: '030', email: 'a@b' },
      `,''=1,"'=""x""","=""030""",a@b,`,
    ],
    ['fields', ['1', 'Ann'], '1,Ann,,,,'],
    ['text', '"1,Ann', '"""1,Ann",,,,,'],
  ])('has what was kept of it: %s', (_, raw, cells) => {
    expect(sheet.row({ line: 2, raw, errors: [NO_MAIL] }, undefined)).toBe(`${cells}2,required,email is empty\r\n`);
  });

  it('has a value of several fields in the first of them, where an upload reads it', () => {
    const { header } = { header: { cells: ['Given', 'Family', 'Mail'], map: MAP_OF_PARTS } };
    const raw = { employee_name: 'Ann Lee', company_name: 'Acme', mobile_no: '', email: 'a@b' };
    const csv = new CorrectionCsv({ header, delimiter: ',' });
    expect(csv.row({ line: 2, raw, errors: [NO_MAIL] }, undefined)).toBe('Ann Lee,,a@b,2,required,email is empty\r\n');
  });
});

const MAP_OF_PARTS: HeaderMap = {
  hasHeader: true,
  width: 3,
  positions: { employee_name: [[0, 1]], email: 2 },
  constants: { company_name: 'Acme' },
};
