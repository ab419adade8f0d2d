import { readFile } from 'node:fs/promises';
import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { setupImport } from './import-file.ts';

function example(name: string): Promise<Buffer> {
  return readFile(new URL(`../../examples/${name}`, import.meta.url));
}

function employee(employee_name: string, company_name: string, mobile_no: string, email: string) {
  return { employee_name, company_name, mobile_no, email };
}

const UTF_8 = { encoding: 'utf-8', bom: false, header: true };

test('the examples of the OpenAPI document, with which /docs is filled in, find rows of examples/employees.csv', async () => {
  const imports = await setupImport();
  await imports.importFile(await example('employees.csv'));
  const { paths } = (await imports.get('/openapi.json')).body;

  for (const path of ['/v1/employees', '/v1/employees.csv']) {
    const examples: [string, string][] = paths[path].get.parameters
      .filter(({ schema }: { schema: { example?: string } }) => schema.example !== undefined)
      .map(({ name, schema }: { name: string; schema: { example: string } }) => [name, schema.example]);
    expect(examples.map(([name]) => name)).toEqual(['searchTerm', 'company', 'sort']);

    const { status, text } = await imports.get(`${path}?${new URLSearchParams(examples)}`);

    expect(status).toBe(200);
    expect(text).toContain('jane.doe@acme.example');
  }
});

/** What Excel makes of a cell when it opens and saves a CSV file: a text formula is its text, a number a number. */
function savedByExcel(cell: string): string {
  const text = /^="(.*)"$/.exec(cell)?.[1];
  if (text !== undefined) return text;
  return /^\+?\d+$/.test(cell) ? String(Number(cell)) : cell;
}

test('zeros and pluses survive an export that is opened, saved and sent again, whether formulas are evaluated or not', async () => {
  const imports = await setupImport();
  const people = 'Ann Lee,Acme,0301234567,ann@zero.example\nBob Lee,007,+44207946001,bob@zero.example\n';
  await imports.importFile(`employee_name,company_name,mobile_no,email\n${people}`);
  const { text } = await imports.get('/v1/employees.csv');
  const rows: string[][] = parse(text, { bom: true });

  // A tab separates, as in what Excel calls Unicode text: no cell here needs quotes then.
  const saved = rows.map((row) => row.map(savedByExcel).join('\t')).join('\r\n');

  for (const file of [text, saved]) {
    expect((await imports.importFile(file)).counts).toMatchObject({
      unchanged: 2,
      updated: 0,
      inserted: 0,
      rejected: 0,
    });
  }
  expect(await imports.employees()).toMatchObject([
    { mobile_no: '0301234567' },
    { company_name: '007', mobile_no: '+44207946001' },
  ]);
});

/** What each file comes to, written down from the file by hand. */
test.for([
  {
    file: 'excel-europe.csv',
    detected: { ...UTF_8, delimiter: ';', bom: true },
    columns: { employee_name: 'Full name', company_name: 'Organisation', mobile_no: 'Phone number', email: 'E-Mail' },
    ignoredColumns: ['Pers.-Nr.', 'Notes'],
    employees: [
      employee('Jürgen Müller', 'Müller & Söhne GmbH', '+49 (0)30 901820', 'juergen.mueller@soehne.example'),
      employee('Zoë "Zo" Łukasik', 'Café "Zur Post"', '0049 171 5550101', 'zoe.lukasik@zurpost.example'),
      employee('Anna  Berg', 'Berg AB', '+46 8 123 456 78', 'anna.berg@berg.example'),
    ],
  },
  {
    file: 'sep-line.csv',
    detected: { ...UTF_8, delimiter: ';' },
    columns: { employee_name: 'Name', company_name: 'Company', mobile_no: 'Mobile', email: 'Mail' },
    ignoredColumns: [],
    employees: [
      employee('John Smith', 'Smith, Jones & Co', '020 7946 0101', 'john.smith@sjco.example'),
      employee('Mary Jones', 'Smith, Jones & Co', '020 7946 0102', 'mary.jones@sjco.example'),
    ],
  },
  {
    file: 'windows-1252.csv',
    detected: { ...UTF_8, delimiter: ';', encoding: 'windows-1252' },
    columns: { employee_name: 'Name', company_name: 'Company', mobile_no: 'Mobile', email: 'E-mail' },
    ignoredColumns: [],
    employees: [
      employee('François Lefèvre', 'Crédit Général', '+33 1 99 00 12 34', 'francois.lefevre@credit.example'),
      employee('José Muñoz', 'El Niño S.A. – €uro', '+34 915 550 123', 'jose.munoz@elnino.example'),
    ],
  },
  {
    file: 'trailing-bars.csv',
    detected: { ...UTF_8, delimiter: '|' },
    columns: {
      employee_name: 'EMPLOYEE_NAME',
      company_name: 'COMPANY_NAME',
      mobile_no: 'MOBILE_NO',
      email: 'EMAIL',
    },
    ignoredColumns: [],
    employees: [
      employee('Kim Lee', 'Hanok, Inc.', '+82 2 555 0101', 'kim.lee@hanok.example'),
      employee('Park Jun', 'Hanok, Inc.', '+82 2 555 0102', 'park.jun@hanok.example'),
    ],
  },
  {
    file: 'guarded-and-copied.csv',
    detected: { ...UTF_8, delimiter: ',' },
    columns: { employee_name: 'Name', company_name: 'Company', mobile_no: 'Mobile', email: 'E-Mail' },
    ignoredColumns: ['Staff-ID'],
    employees: [
      employee('Ada Osei', 'Osei "& Sons" Ltd', '07700900401', 'ada.osei@osei.example'),
      employee('Ben "Benny" Cole', 'Osei, Cole & Co', '07700900402', 'ben.cole@cole.example'),
      employee('Chloe Ruiz', 'Cole & Co', '+44\u00a07700\u00a0900403', 'chloe.ruiz@cole.example'),
      employee('علی\u200cرضا کریمی', 'Karimi Ltd', '07700 900404', 'ali.karimi@karimi.example'),
    ],
  },
  {
    file: 'no-header.csv',
    detected: { ...UTF_8, delimiter: ',', header: false },
    columns: { employee_name: null, company_name: null, mobile_no: null, email: null },
    ignoredColumns: [],
    employees: [
      employee('Jane Doe', 'Acme, Inc.', '+1 555 010 9999', 'jane@acme.example'),
      employee('John Roe', 'Globex', '+1 555 010 8888', 'john@globex.example'),
    ],
  },
])('examples/$file lands', async ({ file, detected, columns, ignoredColumns, employees }) => {
  const imports = await setupImport();

  const upload = await imports.importFile(await example(file));

  expect(upload).toMatchObject({
    status: 'completed',
    detected,
    columns,
    ignoredColumns,
    brokenRecords: 0,
    total: employees.length,
    counts: { inserted: employees.length, rejected: 0 },
  });
  expect(await imports.employees()).toEqual(employees);
});

test('examples/unicode-text.txt lands but for the row whose name has a line end', async () => {
  const imports = await setupImport();

  const upload = await imports.importFile(await example('unicode-text.txt'));

  expect(upload).toMatchObject({
    status: 'completed_with_errors',
    detected: { delimiter: '\t', encoding: 'utf-16le', bom: true, header: true },
    total: 3,
    counts: { inserted: 2, rejected: 1 },
  });
  expect(await imports.employees()).toEqual([
    employee('王小明', '台北科技', '+886 912 345 678', 'xiaoming.wang@taipei.example'),
    employee('佐藤 花子', '東京商事', '03-5555-0124', 'hanako.sato@tokyo.example'),
  ]);
  const { body } = await imports.get(`/v1/uploads/${upload.id}/failed-rows`);
  expect(body.data).toMatchObject([
    {
      line: 3,
      errors: [{ code: 'control_character', column: 'employee_name' }],
      raw: { employee_name: '田中\r\n太郎' },
    },
  ]);
});

test('examples/stray-quotes.csv loses only the row whose quote is never closed, and the upload says that there is one', async () => {
  const imports = await setupImport();

  const upload = await imports.importFile(await example('stray-quotes.csv'));

  expect(upload).toMatchObject({ total: 4, brokenRecords: 1, counts: { inserted: 3, rejected: 1 } });
  expect(await imports.employees()).toEqual([
    employee('Pat "Ace" Cole', '5" Pipes Ltd', '020 7946 0201', 'pat.cole@pipes.example'),
    employee('Ann "Annie" Lee', 'Lee & Co', '020 7946 0202', 'ann.lee@lee.example'),
    employee('Carl Dunn', 'Lee & Co', '020 7946 0204', 'carl.dunn@lee.example'),
  ]);
  const { body } = await imports.get(`/v1/uploads/${upload.id}/failed-rows`);
  expect(body.data).toMatchObject([
    {
      line: 4,
      raw: '"Bob Open,Lee & Co,020 7946 0203,bob.open@lee.example',
      errors: [{ code: 'unclosed_quote', column: null }],
    },
  ]);
});

test.for([
  {
    file: 'missing-column.csv',
    failure: {
      code: 'missing_columns',
      detail: 'The header lacks company_name, email. It has: "Name", "Department", "Phone".',
      columns: ['company_name', 'email'],
    },
  },
  {
    file: 'ambiguous-columns.csv',
    failure: {
      code: 'ambiguous_columns',
      detail:
        'More than one column of the header could be email ("E-mail", "Email address"). Rename or remove all but one.',
      columns: ['email'],
    },
  },
])(
  'examples/$file is refused over HTTP and says why; put straight into the bucket it fails for the same',
  async ({ file, failure: { columns, ...said } }) => {
    const imports = await setupImport();
    const content = await example(file);

    const { status, body } = await imports.send(content);

    expect({ status, body }).toMatchObject({ status: 422, body: said });
    expect(body.errors.map(({ parameter }: { parameter: string }) => parameter)).toEqual(columns);
    expect((await imports.get('/v1/uploads')).body.data).toEqual([]);

    const upload = await imports.importObject(`uploads/from HR/${file}`, content);

    const failure = { ...said, columns };
    expect(upload).toMatchObject({ status: 'failed', failure, total: null, counts: { inserted: 0, rejected: 0 } });
    expect(await imports.employees()).toEqual([]);
  },
);

test('examples/workbook.xlsx is refused over HTTP; put straight into the bucket it is an upload that failed', async () => {
  const imports = await setupImport();
  const workbook = await example('workbook.xlsx');

  expect(await imports.send(workbook)).toMatchObject({ status: 415, body: { code: 'not_csv' } });
  expect((await imports.get('/v1/uploads')).body.data).toEqual([]);

  expect(await imports.importObject('uploads/from HR/workbook.xlsx', workbook)).toMatchObject({
    status: 'failed',
    failure: { code: 'not_csv', detail: expect.stringContaining('File → Save as → CSV UTF-8') },
  });
});

test('a file without content is refused as empty and fails so in the bucket, one with a header alone is complete', async () => {
  const imports = await setupImport();

  for (const content of ['', '\r\n,,,\r\n']) {
    expect(await imports.send(content)).toMatchObject({ status: 422, body: { code: 'empty_file' } });
    expect(await imports.importObject('uploads/from HR/empty.csv', content)).toMatchObject({
      status: 'failed',
      failure: { code: 'empty_file' },
    });
  }
  expect(await imports.importFile('name,company,phone,email\r\n')).toMatchObject({
    status: 'completed',
    total: 0,
  });
});

test('a header with a NUL, and with more columns than anybody reads, is taken', async () => {
  const imports = await setupImport();
  const many = Array.from({ length: 5000 }, (_, index) => `column ${index}`);
  const header = ['na\0me', 'company', 'phone', 'email', 'x\0y', ...many].join(',');
  const row = ['Ann', 'Acme', '0301234567', 'ann@acme.example', '', ...many.map(() => '')].join(',');

  const upload = await imports.importFile(`${header}\n${row}\n`);

  expect(upload).toMatchObject({ status: 'completed', total: 1, columns: { employee_name: 'na\ufffdme' } });
  expect(upload.ignoredColumns).toHaveLength(100);
  expect(upload.ignoredColumns.slice(0, 2)).toEqual(['x\ufffdy', 'column 0']);
});
