import type { Row } from '@rowferry/roster';
import { expect, test } from 'vitest';
import { readRows, segmentsOf } from './read-rows.ts';
import { survey } from './survey.ts';

async function rowsOf(text: string) {
  const bytes = Buffer.from(text);
  const segments = segmentsOf(await survey([bytes]));
  const rows: Row[] = [];
  for (const segment of segments)
    for await (const batch of readRows(segment, bytes.subarray(segment.start, segment.end))) rows.push(...batch);
  return rows;
}

test('every record but the header is a row with its line: shaped, or with the reason why not', async () => {
  expect(
    await rowsOf('E-Mail;Name;Phone;Company;Notes\nann@a.example;Ann;030 1234567;Acme;\n\nbob;Bob\n"open;x;y;z\n'),
  ).toEqual([
    { line: 2, employee_name: 'Ann', company_name: 'Acme', mobile_no: '030 1234567', email: 'ann@a.example' },
    {
      line: 4,
      raw: ['bob', 'Bob'],
      errors: [{ code: 'field_count', column: null, message: 'has 2 fields, the header has 5' }],
    },
    {
      line: 5,
      raw: '"open;x;y;z',
      errors: [{ code: 'unclosed_quote', column: null, message: expect.stringContaining('not closed') }],
    },
  ]);
});

test('a row that is quoted otherwise than its file is told so, and a file that is quoted so throughout is read', async () => {
  const header = 'name,company,phone,email';
  const wrapped = '"Ivy,""Oak, Ltd"",0301234567,ivy@a.example"';
  expect(await rowsOf(`${header}\nAnn,Acme,030 1234567,ann@a.example\n${wrapped}\n`)).toMatchObject([
    { line: 2, employee_name: 'Ann' },
    {
      line: 3,
      errors: [
        {
          code: 'field_count',
          message: 'has 1 field, the header has 4: the whole line is in one pair of quotes, other lines are not',
        },
      ],
    },
  ]);
  expect(await rowsOf(`"${header}"\n${wrapped}\n`)).toEqual([
    { line: 2, employee_name: 'Ivy', company_name: 'Oak, Ltd', mobile_no: '0301234567', email: 'ivy@a.example' },
  ]);
});

test('without a header the first record is a row', async () => {
  expect(await rowsOf('Ann,Acme,030 1234567,ann@a.example')).toEqual([
    { line: 1, employee_name: 'Ann', company_name: 'Acme', mobile_no: '030 1234567', email: 'ann@a.example' },
  ]);
});

test('a header alone gives no row', async () => {
  expect(await rowsOf('name,company,phone,email\n')).toEqual([]);
});
