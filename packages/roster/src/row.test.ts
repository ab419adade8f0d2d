import { describe, expect, it } from 'vitest';
import type { HeaderMap } from './header/header.ts';
import { readHeader } from './header/read-header.ts';
import { rowShaper } from './row.ts';

const VALUES = { employee_name: 'Ann', company_name: 'Acme', mobile_no: '0301234567', email: 'ann@acme.example' };
const FIELDS = ['Ann', 'Acme', '0301234567', 'ann@acme.example'];

function headerOf(...cells: string[]) {
  const result = readHeader([{ line: 1, fields: cells }]);
  if (!result.ok) throw new Error(result.failure.detail);
  return result.header.map;
}

function shapeRow(line: number, fields: string[], header: HeaderMap) {
  return rowShaper(header)(line, fields);
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

describe('a column that stands in several fields', () => {
  const header: HeaderMap = {
    hasHeader: true,
    width: 7,
    positions: {
      employee_name: [[0], [1, 2]],
      company_name: 3,
      mobile_no: [[4], [5]],
      email: 6,
    },
  };

  it.each([
    [['Ann Lee', 'x', 'y', 'Acme', '030', '040', 'a@b'], { employee_name: 'Ann Lee', mobile_no: '030' }],
    [['\u200b', 'Ann', ' Lee ', 'Acme', ' ', '040', 'a@b'], { employee_name: 'Ann Lee', mobile_no: '040' }],
    [['', 'Ann', '', 'Acme', '="030"', '="040"', 'a@b'], { employee_name: 'Ann', mobile_no: '030' }],
    [['', '', '="Lee"', 'Acme', '', "'+49", 'a@b'], { employee_name: 'Lee', mobile_no: '+49' }],
    [['', '', '', 'Acme', '', '', 'a@b'], { employee_name: '', mobile_no: '' }],
  ])('is the first of them that is not blank, its parts joined: %j', (fields, expected) => {
    expect(shapeRow(2, fields, header)).toEqual({ line: 2, company_name: 'Acme', email: 'a@b', ...expected });
  });

  it.each([
    ['山田', '太郎', '山田太郎'],
    ['김', '민준', '김민준'],
    ['ヤマダ', 'タロー', 'ヤマダタロー'],
    ['Иван', 'Петров', 'Иван Петров'],
    ['王', 'Peter', '王 Peter'],
    ['Peter', '王', 'Peter 王'],
  ])('%s and %s are %s', (first, last, employee_name) => {
    expect(shapeRow(2, ['', first, last, 'Acme', '', '', 'a@b'], header)).toMatchObject({ employee_name });
  });

  it('is cut off where no alternative is there as a whole', () => {
    const parts: HeaderMap = { ...header, positions: { employee_name: [[6], [4, 5]], company_name: 3, email: 0 } };
    expect(shapeRow(2, ['a@b', '', '', 'Acme', 'Ann', 'Lee'], parts)).toMatchObject({ employee_name: 'Ann Lee' });
    expect(shapeRow(2, ['a@b', '', '', 'Acme', 'Ann'], parts)).toMatchObject({ errors: [{ code: 'field_count' }] });
  });
});

describe('a column with one value for all rows', () => {
  const header: HeaderMap = {
    hasHeader: true,
    width: 3,
    positions: { employee_name: 0, email: 1, mobile_no: 2 },
    constants: { company_name: "'=Acme" },
  };

  it('has it in every row, as it is stated', () => {
    expect(shapeRow(2, ['Ann', 'a@b', ''], header)).toMatchObject({ company_name: "'=Acme", email: 'a@b' });
  });

  it('is there in a row without the last fields', () => {
    expect(shapeRow(2, ['Ann', 'a@b'], header)).toMatchObject({ company_name: "'=Acme", mobile_no: '' });
    expect(shapeRow(2, ['Ann'], header)).toMatchObject({ errors: [{ code: 'field_count' }] });
  });
});
