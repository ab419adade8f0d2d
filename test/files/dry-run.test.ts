import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { UploadFailure } from '@rowferry/roster';
import { keysOf } from '@rowferry/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Import, setupImport } from './import-file.ts';

const MINUTE = 60_000;
const DRY = '?dryRun=true';

/** Few e-mails and names, so that rows meet each other and those of earlier files. */
const goodRow = fc
  .record({
    name: fc.constantFrom('Ann', ' Ann ', '\u200eAnn', '="Ann"', 'Bob', '"Lee, Ann"', "'=Ann"),
    company: fc.constantFrom('Acme', 'Café'),
    phone: fc.constantFrom('030 1234567', '="030 1234567"', '+49 30 1234567', '\u202a+49 30 1234567\u202c'),
    email: fc.constantFrom(
      'a@x.example',
      'A@X.example',
      ' a@x.example',
      'a@\u200bx.example',
      'b@x.example',
      'c@x.example',
    ),
  })
  .map(({ name, company, phone, email }) => `${name},${company},${phone},${email}`);

const badRow = fc.constantFrom(
  'Ann,Acme,123,a@x.example',
  ',,030 1234567,nobody',
  'Ann,Acme,030 1234567',
  'Ann,Acme,030 1234567,a@x.example,more',
  '"open,Acme,030 1234567,b@x.example',
  '"two\nlines",Acme,030 1234567,c@x.example',
  `${'x'.repeat(2000)},Acme,030 1234567,a@x.example`,
  `${' '.repeat(2000)}Ann,Acme,030 1234567,a@x.example`,
);
const nothing = fc.constantFrom('', ',,,', '   ');

const header = fc.constantFrom(
  'name,company,phone,email',
  'Full name,Company,Mobile,E-Mail,',
  'name,company,phone',
  '',
);

const file = fc
  .tuple(
    header,
    fc.array(fc.oneof({ weight: 6, arbitrary: goodRow }, { weight: 2, arbitrary: badRow }, nothing), { maxLength: 15 }),
    fc.constantFrom('\n', '\r\n', '\r'),
    fc.constantFrom('', '\x1a', '\x1a\r\n'),
    fc.constantFrom<BufferEncoding>('utf8', 'latin1'),
  )
  .map(([first, rows, lineEnd, end, encoding]) => Buffer.from([first, ...rows].join(lineEnd) + end, encoding));

test(
  'a dry run says what the upload of the same file then comes to, and leaves no trace',
  async () => {
    const imports = await setupImport();
    await fc.assert(
      fc.asyncProperty(file, async (content) => {
        const before = await traces(imports);
        const dry = await imports.send(content, DRY);
        expect(await traces(imports)).toEqual(before);

        const { dryRun, problems, problemKinds, firstRows, changes, ...others } = dry.body;
        const { suggestions: _, encodings: __, fileColumns: ___, ...told } = others;
        const earlier = await employeesByEmail(imports);
        const { id, ...upload } = await importOf(imports, content, told.failure);
        expect({ status: dry.status, dryRun }).toEqual({ status: 200, dryRun: true });
        expect(upload).toMatchObject(told);
        expect(changes).toEqual(changesBetween(earlier, await employeesByEmail(imports)));
        expect(problems).toEqual(await problemsOf(imports, id));
        expect(problemKinds.map(shownKind).toSorted()).toEqual(kindsAmong(problems));
        const stored = await employeesByEmail(imports);
        for (const { line, employee } of firstRows) {
          const now = stored.get(employee.email);
          if (now?.upload_id === id && now?.line === line) expect(now).toMatchObject(employee);
        }
      }),
      { numRuns: 40 },
    );
  },
  4 * MINUTE,
);

type Kind = { code: string; column: string | null; count: number; lines: number[] };

function shownKind({ code, column, count, lines }: Kind): string {
  return `${code} ${column} ${count}: ${lines.join()}`;
}

/** The kinds of these problems, which are all of a file with few rows. */
function kindsAmong(problems: { line: number; errors: Pick<Kind, 'code' | 'column'>[] }[]): string[] {
  const all = problems.flatMap(({ line, errors }) => errors.map(({ code, column }) => ({ line, code, column })));
  const kinds = Map.groupBy(all, ({ code, column }) => `${code} ${column}`);
  return [...kinds]
    .map(([kind, rows]) => `${kind} ${rows.length}: ${rows.slice(0, 10).map(({ line }) => line)}`)
    .toSorted();
}

/** The import of a file. One of which a dry run says that it fails is refused by the API, and fails in the bucket. */
async function importOf(imports: Import, content: Buffer, failure: UploadFailure | null) {
  if (failure === null) return imports.importFile(content);
  expect(await imports.send(content)).toMatchObject({ status: 422, body: { code: failure.code } });
  return imports.importObject(`uploads/from HR/${randomUUID()}.csv`, content);
}

test('a dry run of every example answers as the upload of it does', async () => {
  const imports = await setupImport();
  for (const name of [
    'employees.csv',
    'excel-europe.csv',
    'unicode-text.txt',
    'windows-1252.csv',
    'stray-quotes.csv',
  ]) {
    const content = await readFile(new URL(`../../examples/${name}`, import.meta.url));
    const { dryRun, problems, problemKinds, fileColumns, firstRows, suggestions, encodings, changes, ...told } = (
      await imports.send(content, DRY)
    ).body;
    expect({ suggestions, encodings }).toEqual({ suggestions: [], encodings: [] });
    const { id, ...upload } = await imports.importFile(content);
    expect(upload).toMatchObject(told);
    expect(problems).toEqual(await problemsOf(imports, id));
  }
});

test('a dry run suggests what columns may be that are not known, of a file that lands and of one that fails', async () => {
  const imports = await setupImport();
  const rows = 'Ann Frost,Acme,ann@x.example,030 1234567\nBob Gray,Acme,bob@x.example,030 1234568\n';

  const lands = await imports.send(`Name,Company,Email,Fone nr of person\n${rows}`, DRY);
  const fails = await imports.send(`Nmae,Compagny,Email,Fon\n${rows}`, DRY);

  expect(lands.body).toMatchObject({
    counts: { inserted: 2 },
    columns: { mobile_no: null },
    suggestions: [{ position: 4, cell: 'Fone nr of person', column: 'mobile_no', score: expect.any(Number) }],
  });
  expect(fails.body).toMatchObject({ failure: { code: 'missing_columns' }, counts: { inserted: 0 } });
  expect(fails.body.suggestions).toHaveLength(2);
  expect(fails.body.fileColumns).toEqual([
    { position: 1, cell: 'Nmae', values: ['Ann Frost', 'Bob Gray'] },
    { position: 2, cell: 'Compagny', values: ['Acme', 'Acme'] },
    { position: 3, cell: 'Email', values: ['ann@x.example', 'bob@x.example'] },
    { position: 4, cell: 'Fon', values: ['030 1234567', '030 1234568'] },
  ]);
  expect(fails.body.suggestions).toEqual(
    expect.arrayContaining([
      { position: 1, cell: 'Nmae', column: 'employee_name', score: expect.any(Number) },
      { position: 2, cell: 'Compagny', column: 'company_name', score: expect.any(Number) },
    ]),
  );
});

test('the answer has all that a person needs to know before the upload', async () => {
  const imports = await setupImport();
  await imports.importFile(
    'name,company,phone,email\nAnn,Acme,030 1234567,ann@x.example\nBob,Acme,030 7654321,bob@x.example\n',
  );

  const { body } = await imports.send(
    [
      'Full name;Dept;Organisation;Mobile;E-Mail',
      'Ann;Sales;Acme;030 1234567;ann@x.example',
      'Bob;Sales;Globex;030 7654321;bob@x.example',
      'Eve;Sales;Globex;12;eve@x',
      'Dan;Sales;Globex;030 1111111;dan@x.example',
      'Dan;Sales;Initech;030 1111111;Dan@X.example',
      '"Sue;Sales;Globex;030 2222222;sue@x.example',
    ].join('\n'),
    DRY,
  );

  expect(body).toEqual({
    dryRun: true,
    detected: { delimiter: ';', encoding: 'utf-8', encodingConfidence: 1, bom: false, header: true },
    columns: { employee_name: 'Full name', company_name: 'Organisation', mobile_no: 'Mobile', email: 'E-Mail' },
    ignoredColumns: ['Dept'],
    suggestions: [],
    encodings: [],
    brokenRecords: 1,
    total: 6,
    counts: { inserted: 1, updated: 1, unchanged: 1, superseded: 1, rejected: 2, dead: 0 },
    problems: [
      {
        line: 4,
        errors: [
          { code: 'mobile_no_digits', column: 'mobile_no', message: expect.stringContaining('7 to 15 digits') },
          { code: 'email_domain_without_dot', column: 'email', message: expect.stringMatching(/^email has no dot/) },
        ],
      },
      { line: 7, errors: [{ code: 'unclosed_quote', column: null, message: expect.stringContaining('not closed') }] },
    ],
    problemKinds: [
      expect.objectContaining({ code: 'mobile_no_digits', column: 'mobile_no', count: 1, lines: [4] }),
      {
        code: 'email_domain_without_dot',
        column: 'email',
        message: expect.stringMatching(/^email has no dot/),
        count: 1,
        lines: [4],
      },
      expect.objectContaining({ code: 'unclosed_quote', column: null, count: 1, lines: [7] }),
    ],
    fileColumns: ['Full name', 'Dept', 'Organisation', 'Mobile', 'E-Mail'].map((cell, field) => ({
      position: field + 1,
      cell,
      values: [
        ['Ann', 'Bob', 'Eve'],
        ['Sales', 'Sales', 'Sales'],
        ['Acme', 'Globex', 'Globex'],
        ['030 1234567', '030 7654321', '12'],
        ['ann@x.example', 'bob@x.example', 'eve@x'],
      ][field],
    })),
    firstRows: [
      [2, 'Ann', 'Acme', '030 1234567', 'ann@x.example'],
      [3, 'Bob', 'Globex', '030 7654321', 'bob@x.example'],
      [5, 'Dan', 'Globex', '030 1111111', 'dan@x.example'],
      [6, 'Dan', 'Initech', '030 1111111', 'dan@x.example'],
    ].map(([line, employee_name, company_name, mobile_no, email]) => ({
      line,
      employee: { employee_name, company_name, mobile_no, email },
    })),
    changes: [{ line: 3, email: 'bob@x.example', columns: { company_name: { from: 'Acme', to: 'Globex' } } }],
    warnings: [],
    failure: null,
  });
});

test('of many problems the first hundred are told, and all are counted', async () => {
  const imports = await setupImport();

  const { body } = await imports.send(`name,company,phone,email\n${'Ann,Acme,12,ann@x.example\n'.repeat(2500)}`, DRY);

  expect(body.counts.rejected).toBe(2500);
  expect(body.problems.map(({ line }: { line: number }) => line)).toEqual(Array.from({ length: 100 }, (_, i) => i + 2));
  expect(body.problemKinds).toEqual([
    expect.objectContaining({ code: 'mobile_no_digits', count: 2500, lines: [2, 3, 4, 5, 6, 7, 8, 9, 10, 11] }),
  ]);
});

test('a file of several segments is counted as one', async () => {
  const imports = await setupImport();
  const row = (index: number) =>
    `Ann Lee ${index},Acme Ltd ${'x'.repeat(150)},030 1234567,ann${index % 50_000}@x.example\n`;
  const content = `name,company,phone,email\n${Array.from({ length: 100_000 }, (_, index) => row(index)).join('')}`;
  expect(content.length).toBeGreaterThan(2 * 8 * 1024 * 1024);

  const { body } = await imports.send(content, DRY);

  expect(body).toMatchObject({ total: 100_000, counts: { inserted: 50_000, superseded: 50_000, rejected: 0 } });
});

test('a file that an upload refuses is answered with the failure, and no trace', async () => {
  const imports = await setupImport();
  const { status, body } = await imports.send('Name,Department\nAnn,Sales\n', DRY);
  expect({ status, body }).toMatchObject({
    status: 200,
    body: { total: null, detected: null, failure: { code: 'missing_columns', columns: ['company_name', 'email'] } },
  });
  expect(await traces(imports)).toMatchObject({ rows: [{ uploads: 0 }], keys: 0 });
});

test.for<[what: string, content: Buffer, answer: object]>([
  ['a file that is no CSV', Buffer.from('%PDF-1.7\n'), { status: 415, body: { code: 'not_csv' } }],
  ['a file over the limit', Buffer.alloc(65 * 1024 * 1024, 'a,b\n'), { status: 413, body: { code: 'file_too_large' } }],
])('%s is refused as by an upload', async ([, content, answer]) => {
  const imports = await setupImport();
  expect(await imports.send(content, DRY)).toMatchObject(answer);
  expect(await imports.send('name,company,phone,email\n', DRY)).toMatchObject({
    status: 200,
    body: { total: 0 },
  });
});

test('dryRun is true or false, and false means an upload', async () => {
  const imports = await setupImport();
  expect(await imports.send('name', '?dryRun=1')).toMatchObject({
    status: 400,
    body: { code: 'invalid_parameter' },
  });
  expect((await imports.send('name,company,email', '?dryRun=false')).status).toBe(202);
});

/** The employees with the line that each was written by, by e-mail. */
async function employeesByEmail({ database }: Import): Promise<Map<string, Record<string, unknown>>> {
  const { rows } = await database.raw<{ rows: { email: string }[] }>(
    'select email, employee_name, company_name, mobile_no, upload_id, line from employees order by line',
  );
  return new Map(rows.map((row) => [row.email, row]));
}

/** What the last upload has changed of the employees who were there before it. */
function changesBetween(before: Map<string, Record<string, unknown>>, after: Map<string, Record<string, unknown>>) {
  return [...after.values()].flatMap(({ email, line, upload_id, ...values }) => {
    const earlier = before.get(String(email));
    if (earlier === undefined || earlier.upload_id === upload_id) return [];
    const changed = Object.entries(values).filter(([column, value]) => value !== earlier[column]);
    const columns = Object.fromEntries(
      changed.map(([column, value]) => [column, { from: earlier[column], to: value }]),
    );
    return changed.length === 0 ? [] : [{ line, email, columns }];
  });
}

async function traces({ database, s3, bucket }: Import) {
  const { rows } = await database.raw<{ rows: object[] }>(
    `select (select count(*) from uploads) as uploads, (select count(*) from upload_rows) as rows,
       (select json_agg(e order by id) from employees e) as employees`,
  );
  return { rows, keys: (await keysOf(s3, bucket)).length };
}

async function problemsOf(imports: Import, id: string) {
  const { body } = await imports.get(`/v1/uploads/${id}/failed-rows?limit=100`);
  return body.data.map(({ line, errors }: { line: number; errors: object[] }) => ({ line, errors }));
}
