import { describe, expect, it } from 'vitest';
import { readHeader } from './header.ts';
import { shapeRow } from './row.ts';

const VALUES = { employee_name: 'Ann', company_name: 'Acme', mobile_no: '0301234567', email: 'ann@acme.example' };
const FIELDS = ['Ann', 'Acme', '0301234567', 'ann@acme.example'];

function headerOf(...cells: string[]) {
  const result = readHeader(cells);
  if (!result.ok) throw new Error(result.failure.detail);
  return result.header.map;
}

const FOUR = headerOf('name', 'company', 'phone', 'email');
const SIX = headerOf('name', 'company', 'phone', 'email', 'city', 'notes');

describe('the fields of a record', () => {
  it('get their columns, wherever these stand', () => {
    const header = headerOf('id', 'email', 'phone', 'name', 'company');
    expect(shapeRow(7, ['1', 'ann@acme.example', '0301234567', 'Ann', 'Acme'], header)).toEqual({ line: 7, ...VALUES });
  });

  it.each([
    ['one more that is empty: a delimiter at the end of each line', [...FIELDS, '']],
    ['many more that are empty', [...FIELDS, '', ' ', '\u00a0', '\u200e']],
  ])('may be %s', (_, fields) => {
    expect(shapeRow(2, fields, FOUR)).toEqual({ line: 2, ...VALUES });
  });

  it.each([
    ['one', [...FIELDS, 'Berlin']],
    ['both', FIELDS],
  ])('may lack %s of the ignored columns at the end, as Excel leaves them out', (_, fields) => {
    expect(shapeRow(2, fields, SIX)).toEqual({ line: 2, ...VALUES });
  });

  it.each([
    ['too few', ['Ann', 'Acme', '0301234567'], FOUR, 'has 3 fields, the header has 4'],
    [
      'too few, so that a column of ours is missing',
      ['Ann', 'Acme', '0301234567'],
      SIX,
      'has 3 fields, the header has 6',
    ],
    ['too many', ['Lee', 'Ann', 'Acme', '030', 'a@b.example'], FOUR, 'has 5 fields, the header has 4'],
    ['one', ['Ann'], FOUR, 'has 1 field, the header has 4'],
  ])('are a reason to reject it when they are %s; they travel as they are', (_, fields, header, message) => {
    expect(shapeRow(3, fields, header)).toEqual({
      line: 3,
      raw: fields,
      errors: [{ code: 'field_count', column: null, message }],
    });
  });

  it('are blank in an optional column that the file does not have', () => {
    const header = headerOf('name', 'company', 'email');
    expect(shapeRow(2, ['Ann', 'Acme', 'ann@acme.example'], header)).toEqual({ line: 2, ...VALUES, mobile_no: '' });
  });

  it('are blank in an optional column at the end that Excel left out', () => {
    const header = headerOf('name', 'company', 'email', 'phone');
    expect(shapeRow(2, ['Ann', 'Acme', 'ann@acme.example'], header)).toEqual({ line: 2, ...VALUES, mobile_no: '' });
  });

  it('come out of the formulas that keep them text', () => {
    const fields = ['="Ann"', '="Acme ""&"" Co"', '="0301234567"', '="ann@acme.example"'];
    expect(shapeRow(2, fields, FOUR)).toEqual({ line: 2, ...VALUES, company_name: 'Acme "&" Co' });
  });

  it('lose the mark that a spreadsheet’s text has', () => {
    expect(shapeRow(2, ["'=Ann", "'t Hooft", "'+44 20 7946 0018", "'@x"], FOUR)).toEqual({
      line: 2,
      employee_name: '=Ann',
      company_name: "'t Hooft",
      mobile_no: '+44 20 7946 0018',
      email: '@x',
    });
  });
});
