import { readFile } from 'node:fs/promises';
import { recordDeadRows } from '@rowferry/database';
import { keysOf, removeObject } from '@rowferry/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Import, setupImport } from './import-file.ts';

const MINUTE = 60_000;
const HEADER = 'name,company,phone,email\n';

function example(name: string): Promise<Buffer> {
  return readFile(new URL(`../../examples/${name}`, import.meta.url));
}

/** The failed rows of an upload as a file, decoded, without its byte order mark. */
async function sheetOf(imports: Import, id: string, query = ''): Promise<string> {
  const response = await imports.get(`/v1/uploads/${id}/failed-rows.csv${query}`);
  expect(response.status).toBe(200);
  expect(response.text.charCodeAt(0)).toBe(0xfeff);
  return response.text.slice(1);
}

test('the failed rows of a file come as a file to be mended: every column as it was, and what is wrong', async () => {
  const imports = await setupImport();
  const { id, counts } = await imports.importFile(await example('to-be-corrected.csv'));
  expect(counts).toMatchObject({ inserted: 1, rejected: 3 });

  const response = await imports.get(`/v1/uploads/${id}/failed-rows.csv`);

  expect(response.headers).toMatchObject({
    'content-type': 'text/csv; charset=utf-8; header=present',
    'content-disposition': 'attachment; filename=staff-failed-rows.csv',
  });
  const phone =
    'mobile_no must have 7 to 15 digits, written with digits, spaces, "+", "-", ".", "/" and round brackets only';
  expect(response.text).toBe(
    `\ufeff${[
      'ID,Name,Company,Phone,E-mail,Comment,line,error_code,error',
      `2,"'=HYPERLINK(""http://evil.example"")",Fine Ltd,+44 20 7946 0302,not an address,'@SUM(1+1),3,email_without_at,email has no @`,
      `3,Too Short,Fine Ltd,123,short@fine.example,call +44 20 7946 0303,4,mobile_no_digits,"${phone.replaceAll('"', '""')}"`,
      '4,Doe,Jane,Fine Ltd,+44 20 7946 0304,jane.doe@fine.example,5,field_count,"has 7 fields, the header has 6",comma in the name',
    ].join('\r\n')}\r\n`,
  );
});

test('mended and uploaded again, its rows land with the values that the file had', async () => {
  const imports = await setupImport();
  const first = await imports.importFile(await example('to-be-corrected.csv'));
  const mended = (await sheetOf(imports, first.id))
    .replace('not an address', 'fine@fine.example')
    .replace(',123,', ',+44 20 7946 0303,')
    .replace('4,Doe,Jane,Fine Ltd,', '4,"Doe, Jane",Fine Ltd,')
    .replace(
      'jane.doe@fine.example,5,field_count,"has 7 fields, the header has 6",comma in the name',
      'jane.doe@fine.example,,5,,,',
    );

  const second = await imports.importFile(mended);

  expect(second).toMatchObject({
    status: 'completed',
    ignoredColumns: ['ID', 'Comment', 'line', 'error_code', 'error'],
    counts: { inserted: 3, rejected: 0 },
  });
  const employees = await imports.employees();
  expect(employees.map(({ employee_name, mobile_no }) => [employee_name, mobile_no])).toEqual(
    expect.arrayContaining([
      ['=HYPERLINK("http://evil.example")', '+44 20 7946 0302'],
      ['Too Short', '+44 20 7946 0303'],
      ['Doe, Jane', '+44 20 7946 0304'],
    ]),
  );
});

const value = fc.constantFrom(
  'Ann',
  "'=Ann",
  '=Ann',
  "''=x",
  "'t Hooft",
  '="Ann"',
  '"=""=x"""',
  `"'=""Ann"""`,
  '\u200eAnn\u200e',
  '"a; b"',
  '"two\nlines"',
  '"say ""hi"""',
  ' x ',
  '@y',
  '-',
  '+1+1',
);
const goodPhone = fc.constantFrom(
  '030 1234567',
  '+49 30 1234567',
  "'+49 30 1234567",
  '-030 1234567',
  '="030 1234567"',
  '\u202a+49 30 1234567\u202c',
);
const email = fc.constantFrom('a@x.example', 'b@x.example', 'nobody', '', '=1@x.example', '="nobody"', '\u200b');
const records = fc.array(
  fc.tuple(value, value, value, goodPhone, email, value).map((cells) => cells.join(',')),
  { minLength: 1, maxLength: 12 },
);

test(
  'uploaded again as it is, every row of it fails for the same reasons with the same values: nothing changes on the way',
  async () => {
    const imports = await setupImport();
    await fc.assert(
      fc.asyncProperty(records, async (rows) => {
        const first = await imports.importFile(['Notes,Name,Company,Phone,E-Mail,More', ...rows].join('\n'));
        const second = await imports.importFile(await sheetOf(imports, first.id));

        expect(second.total).toBe(first.counts.rejected);
        expect(await failuresOf(imports, second.id)).toEqual(await failuresOf(imports, first.id));
        // And the sheet of the sheet differs in the lines alone.
        expect(withoutLines(await sheetOf(imports, second.id))).toBe(withoutLines(await sheetOf(imports, first.id)));
      }),
      { numRuns: 25 },
    );
  },
  3 * MINUTE,
);

async function failuresOf(imports: Import, id: string) {
  const { body } = await imports.get(`/v1/uploads/${id}/failed-rows?limit=100`);
  return body.data.map(({ raw, errors }: { raw: object; errors: object[] }) => ({ raw, errors }));
}

function withoutLines(sheet: string): string {
  return sheet.replaceAll(/,\d+,(?=required|email_|mobile_no_|control_)/g, ',,');
}

test('a file of several segments in UTF-16 gives its failed rows from all of them', async () => {
  const imports = await setupImport();
  const note = 'é'.repeat(15_000);
  const rows = Array.from({ length: 600 }, (_, index) =>
    index % 200 === 199
      ? `Zoë ${index};Łódź;12;zoe@x.example;"note\r\n${index}"`
      : `Zoë ${index};Łódź;030 1234567;zoe@x.example;${note}`,
  );
  const content = Buffer.from(`\ufeff${['Name;Company;Phone;E-Mail;Notes', ...rows].join('\r\n')}`, 'utf16le');
  expect(content.byteLength).toBeGreaterThan(2 * 8 * 1024 * 1024);
  const upload = await imports.importFile(content);
  expect(upload).toMatchObject({ detected: { encoding: 'utf-16le' }, counts: { rejected: 3 } });

  const lines = (await sheetOf(imports, upload.id)).split('\r\n');

  expect(lines.map((line) => line.split(';').slice(0, 7))).toEqual([
    ['Name', 'Company', 'Phone', 'E-Mail', 'Notes', 'line', 'error_code'],
    ['Zoë 199', 'Łódź', '12', 'zoe@x.example', '"note'],
    ['199"', '201', 'mobile_no_digits', expect.any(String)],
    ['Zoë 399', 'Łódź', '12', 'zoe@x.example', '"note'],
    ['399"', '402', 'mobile_no_digits', expect.any(String)],
    ['Zoë 599', 'Łódź', '12', 'zoe@x.example', '"note'],
    ['599"', '603', 'mobile_no_digits', expect.any(String)],
    [''],
  ]);
});

test('when the file is gone, what was kept of each row must do, under our own names', async () => {
  const imports = await setupImport();
  const { s3, bucket } = imports;
  const { id } = await imports.importFile(
    'ID;Name;Company;Phone;E-Mail\n1;=Ann;Acme;12;a@x.example\n2;Bob\n"3;Eve;Acme\n',
  );
  for (const key of await keysOf(s3, bucket)) await removeObject(s3, { bucket, key });

  expect((await sheetOf(imports, id)).split('\r\n')).toEqual([
    'employee_name,company_name,mobile_no,email,line,error_code,error',
    expect.stringMatching(/^'=Ann,Acme,12,a@x\.example,2,mobile_no_digits,/),
    '2,Bob,,,3,field_count,"has 2 fields, the header has 5"',
    expect.stringMatching(/^"""3;Eve;Acme",,,,4,unclosed_quote,/),
    '',
  ]);
});

test('dead rows are in it only when they are asked for: there is nothing to mend in them', async () => {
  const imports = await setupImport();
  const { id } = await imports.importFile(`${HEADER}Ann,Acme,12,ann@x.example\n`);
  const raw = { employee_name: 'Bob', company_name: 'Acme', mobile_no: '030 1234567', email: 'bob@x.example' };
  await recordDeadRows(imports.database, [{ messageId: 'm', uploadId: id, line: 3, attempts: 5, raw }]);

  const linesIn = async (query: string) =>
    (await sheetOf(imports, id, query))
      .split('\r\n')
      .slice(1, -1)
      .map((line) => line.split(',')[0]);

  expect(await linesIn('')).toEqual(['Ann']);
  expect(await linesIn('?outcome=dead')).toEqual(['Bob']);
  expect(await linesIn('?outcome=all')).toEqual(['Ann', 'Bob']);
});

test('without failed rows it is the header alone', async () => {
  const imports = await setupImport();
  const { id } = await imports.importFile('Name|Company|Phone|E-Mail\nAnn|Acme|030 1234567|ann@x.example\n');
  expect(await sheetOf(imports, id)).toBe('Name|Company|Phone|E-Mail|line|error_code|error\r\n');
});

test('of a file that could not be read it is our own header alone', async () => {
  const imports = await setupImport();
  const { id } = await imports.importObject('uploads/from HR/staff.csv', 'Name\nAnn\n');
  expect(await sheetOf(imports, id)).toBe('employee_name,company_name,mobile_no,email,line,error_code,error\r\n');
});

test('of an upload that is not known there is none; another outcome than ours is a bad parameter', async () => {
  const imports = await setupImport();
  const unknown = '/v1/uploads/019a0000-0000-7000-8000-000000000000/failed-rows.csv';
  expect(await imports.get(unknown)).toMatchObject({ status: 404, body: { code: 'upload_not_found' } });
  expect(await imports.get(`${unknown}?outcome=inserted`)).toMatchObject({
    status: 400,
    body: { code: 'invalid_parameter' },
  });
});

test('the template has our columns and no row, and filled in it lands', async () => {
  const imports = await setupImport();

  const { text, headers } = await imports.get('/v1/employees/template.csv');

  expect(text).toBe('\ufeffemployee_name,company_name,mobile_no,email\r\n');
  expect(headers['content-disposition']).toBe('attachment; filename=employees-template.csv');
  expect(await imports.importFile(text)).toMatchObject({ status: 'completed', total: 0 });
  expect(await imports.importFile(`${text}Ann,Acme,030 1234567,ann@x.example\r\n`)).toMatchObject({
    counts: { inserted: 1 },
  });
});
