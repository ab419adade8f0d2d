import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { rowShaper } from '../row.ts';
import { readHeader } from './read-header.ts';

function headerOf(cells: string, ...rows: string[]) {
  const records = [cells, ...rows].map((record, index) => ({ line: index + 1, fields: record.split(',') }));
  const result = readHeader(records);
  if (!result.ok) throw new Error(result.failure.detail);
  return result.header;
}

describe('of two columns for one field', () => {
  it('the more specific is read, and said, and the other where that is blank', () => {
    const { map, columns, ignoredColumns, warnings } = headerOf('Name,Company,Phone,Mobile,Email,Work e-mail');
    expect(map.positions).toMatchObject({ mobile_no: [[3], [2]], email: [[5], [4]] });
    expect(columns).toMatchObject({ mobile_no: 'Mobile', email: 'Work e-mail' });
    expect(ignoredColumns).toEqual([]);
    expect(warnings).toEqual([
      {
        code: 'column_chosen',
        column: 'mobile_no',
        text: 'mobile_no is read from "Mobile", and where that is blank from "Phone"',
        count: 2,
        lines: [],
      },
      {
        code: 'column_chosen',
        column: 'email',
        text: 'email is read from "Work e-mail", and where that is blank from "Email"',
        count: 2,
        lines: [],
      },
    ]);
  });

  it('the other is not read where its values are something else', () => {
    const { map, ignoredColumns, warnings } = headerOf(
      'Name,Company,Mobile,Phone,Email,Personal email',
      'Ann,Acme,0301234567,yes,a@x.io,n/a',
      'Bob,Acme,,no,b@x.io,none of yours',
    );
    expect(map.positions).toMatchObject({ mobile_no: 2, email: 4 });
    expect(ignoredColumns).toEqual(['Phone', 'Personal email']);
    expect(warnings).toEqual([]);
  });

  it('a numbered one comes after the first of its kind', () => {
    expect(headerOf('Name,Company,Email 2,Email 1,Phone2,Phone').map.positions).toMatchObject({
      email: [[3], [2]],
      mobile_no: [[5], [4]],
    });
  });

  it('two of one rank are not asked where a better one is there', () => {
    const { map, ignoredColumns } = headerOf('Name,Company,Mobile,Phone,Telephone,Email');
    expect(map.positions.mobile_no).toBe(2);
    expect(ignoredColumns).toEqual(['Phone', 'Telephone']);
  });
});

describe('hints', () => {
  it('in brackets and stars do not count', () => {
    const header = headerOf('Name*,Company (legal name),Mobile [incl. country code],Email (required)');
    expect(header.map.positions).toEqual({ employee_name: 0, company_name: 1, mobile_no: 2, email: 3 });
    expect(headerOf('氏名（漢字）,会社【必須】,メール').map.positions).toEqual({
      employee_name: 0,
      company_name: 1,
      email: 2,
    });
  });

  it('do not make a second column of one that is there without', () => {
    expect(headerOf('氏名,氏名（カナ）,会社,メール')).toMatchObject({
      map: { positions: { employee_name: 0 } },
      ignoredColumns: ['氏名（カナ）'],
    });
  });

  it('may be the attribute that is known, and follow without brackets', () => {
    const header = headerOf(
      'Name [displayName] Required,User name [userPrincipalName] Required,Mobile phone [mobile],Company - optional',
    );
    expect(header.map.positions).toEqual({ employee_name: 0, email: 1, mobile_no: 2, company_name: 3 });
  });

  it('do not make a second part of a name', () => {
    expect(headerOf('姓,名,姓（カナ）,名（カナ）,会社,メール')).toMatchObject({
      map: { positions: { employee_name: [[0, 1]] } },
      ignoredColumns: ['姓（カナ）', '名（カナ）'],
    });
  });

  it('that name somebody else make it another column', () => {
    const { map, ignoredColumns } = headerOf('Name,Company,Email,Phone (emergency contact)');
    expect(map.positions).toEqual({ employee_name: 0, company_name: 1, email: 2 });
    expect(ignoredColumns).toEqual(['Phone (emergency contact)']);
  });
});

describe('a name', () => {
  it.each([
    [
      'Nom / Name,Entreprise / Company,Mobile / Portable,Courriel / Email',
      { employee_name: 0, company_name: 1, mobile_no: 2, email: 3 },
    ],
    [
      'Staff,Staff company,Employee mobile phone,employee_email_address',
      { employee_name: 0, company_name: 1, mobile_no: 2, email: 3 },
    ],
    [
      'Employee First Name,Employee Last Name,Employee ID,Company,Email',
      { employee_name: [[0, 1]], company_name: 3, email: 4 },
    ],
    [
      'Name,Company,Email,Phone / Fax,Employee number,Person responsible',
      { employee_name: 0, company_name: 1, email: 2 },
    ],
  ])('may be in two languages, and say whose it is: %s', (cells, positions) => {
    expect(headerOf(cells.replace('Staff,', 'Name,')).map.positions).toEqual(positions);
  });
});

describe('parts of a name', () => {
  it('are read where the whole name is blank', () => {
    const { map, columns } = headerOf('Last name,Name,First name,Company,Email');
    expect(map.positions.employee_name).toEqual([[1], [2, 0]]);
    expect(columns.employee_name).toBe('Name');
  });

  it('are said in the order in which they are joined', () => {
    expect(headerOf('Last name,First name,Company,Email').columns.employee_name).toBe('First name + Last name');
  });

  it('are no parts where the other column has them already', () => {
    const rows = ['Jane,Jane Doe,Acme,j@x.io', 'Jon,Vale, Acme,v@x.io', 'Mia,"Roe, Mia",Acme,m@x.io'];
    expect(headerOf('First name,Name,Company,Email', ...rows.slice(0, 1)).map.positions.employee_name).toBe(1);
    expect(headerOf('First name,Name,Company,Email', ...rows.slice(1, 2)).map.positions.employee_name).toEqual([
      [0, 1],
    ]);
  });

  it('alone are not a name', () => {
    const result = readHeader([{ line: 1, fields: ['First name', 'Company', 'Email'] }]);
    expect(result).toMatchObject({ ok: false, failure: { columns: ['employee_name'] } });
  });

  it('are better than a word for a person, which may be a number', () => {
    expect(headerOf('Employee,First name,Last name,Company,Email').map.positions.employee_name).toEqual([[1, 2]]);
  });

  it('of one name twice are ambiguous', () => {
    const result = readHeader([{ line: 1, fields: ['First name', 'Forename', 'Surname', 'Company', 'Email'] }]);
    expect(result).toMatchObject({ ok: false, failure: { code: 'ambiguous_columns', columns: ['employee_name'] } });
  });
});

const CELLS = [
  'Name',
  'Full name',
  'First name',
  'Last name',
  'Surname',
  'Employee',
  'Company',
  'Account',
  'Firma',
  'Mobile',
  'Phone',
  'Phone 2',
  'Work phone',
  'Email',
  'Mail',
  'Personal email',
  'UPN',
  'Email (old)',
  'City',
  '',
];

test('in whatever order the columns stand, a row is read the same', () => {
  const table = fc.uniqueArray(fc.constantFrom(...CELLS), { minLength: 3, maxLength: 10 }).chain((cells) =>
    fc.tuple(
      fc.constant(cells),
      fc.array(
        fc.array(fc.constantFrom('', 'Ann', 'Lee', '0301234567', 'a@x.io'), {
          minLength: cells.length,
          maxLength: cells.length,
        }),
        { maxLength: 4 },
      ),
      fc.shuffledSubarray([...cells.keys()], { minLength: cells.length }),
    ),
  );
  const read = (cells: string[], rows: string[][]) => {
    const result = readHeader([[...cells, 'end'], ...rows].map((fields, index) => ({ line: index + 1, fields })));
    if (!result.ok) return { code: result.failure.code, columns: result.failure.columns };
    const shape = rowShaper(result.header.map);
    return { rows: rows.map((fields, index) => shape(index + 2, [...fields, ''])), columns: result.header.columns };
  };
  fc.assert(
    fc.property(table, ([cells, rows, order]) => {
      const permuted = <T>(values: T[]) => order.map((index) => values[index] as T);
      expect(read(permuted(cells), rows.map(permuted))).toEqual(read(cells, rows));
    }),
    { numRuns: 500 },
  );
});
