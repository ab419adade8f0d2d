import { newUploadId } from '@rowferry/messages';
import { setupDatabase } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { countsOf, employeesOf, ledgerOf, rejectedRow, validRow } from '../../test/ledger.ts';
import type { Database } from '../connection/connect.ts';
import { writeRows } from './write-rows.ts';

const NOTHING = { inserted: 0, updated: 0, unchanged: 0, superseded: 0, rejected: 0, dead: 0 };

/** Two uploads, the second later than the first. */
function twoUploads(): [string, string] {
  return ['019a0000-0000-7000-8000-000000000001', '019a0000-0000-7000-8000-000000000002'];
}

test('a row of an unknown e-mail is inserted, with its version', async () => {
  const { database } = await setupDatabase();
  const uploadId = newUploadId();
  const row = validRow({ uploadId, line: 7, employee_name: 'Zoë 李', email: 'zoe@x.org' });

  expect(await writeRows(database, [row], [])).toEqual({ ...NOTHING, inserted: 1 });

  expect(await employeesOf(database)).toEqual([{ ...row.employee, upload_id: uploadId, line: 7 }]);
  expect(await ledgerOf(database)).toEqual({ [`${uploadId}/7`]: 'inserted' });
  expect(await countsOf(database)).toEqual({ [uploadId]: { inserted: 1 } });
});

test('values come to the table as they are, whatever characters they have', async () => {
  const { database } = await setupDatabase();
  const uploadId = newUploadId();
  const names = [
    'NULL',
    '',
    '{}',
    '{a,b}',
    '"',
    '\\',
    '\\"',
    "' or 1=1; --",
    ',',
    '?',
    ':name',
    '$1',
    '😀 \uffff\ufffe',
    ' a ',
    '%_',
  ];
  const rows = names.map((employee_name, index) =>
    validRow({ uploadId, line: index + 2, employee_name, email: `${String(index).padStart(2, '0')}@x.org` }),
  );
  const rejected = names.map((raw, index) => ({ ...rejectedRow({ uploadId, line: index + 100 }), raw: [raw] }));

  await writeRows(database, rows, rejected);

  expect((await employeesOf(database)).map(({ employee_name }) => employee_name)).toEqual(names);
  const { rows: kept } = await database.raw('select raw from upload_rows where raw is not null order by line');
  expect(kept).toEqual(names.map((name) => ({ raw: [name] })));
});

test('a later upload updates an employee; with the same content it is unchanged, yet the newest version', async () => {
  const { database } = await setupDatabase();
  const [first, second] = twoUploads();
  await writeRows(
    database,
    [
      validRow({ uploadId: first, line: 2, email: 'a@x.org' }),
      validRow({ uploadId: first, line: 3, email: 'b@x.org' }),
    ],
    [],
  );
  const before = await updateTimes(database);

  const counts = await writeRows(
    database,
    [
      validRow({ uploadId: second, line: 2, email: 'a@x.org', mobile_no: '+49 170 1234567' }),
      validRow({ uploadId: second, line: 3, email: 'b@x.org' }),
    ],
    [],
  );

  expect(counts).toEqual({ ...NOTHING, updated: 1, unchanged: 1 });
  expect(await employeesOf(database)).toMatchObject([
    { email: 'a@x.org', mobile_no: '+49 170 1234567', upload_id: second, line: 2 },
    { email: 'b@x.org', mobile_no: '0123456789', upload_id: second, line: 3 },
  ]);
  const after = await updateTimes(database);
  expect(after['a@x.org']).not.toEqual(before['a@x.org']);
  expect(after['b@x.org']).toEqual(before['b@x.org']);
});

test('a row of an earlier upload that comes late is superseded and changes nothing', async () => {
  const { database } = await setupDatabase();
  const [first, second] = twoUploads();
  await writeRows(database, [validRow({ uploadId: second, line: 2, company_name: 'New' })], []);

  const counts = await writeRows(database, [validRow({ uploadId: first, line: 900, company_name: 'Old' })], []);

  expect(counts).toEqual({ ...NOTHING, superseded: 1 });
  expect(await employeesOf(database)).toMatchObject([{ company_name: 'New', upload_id: second, line: 2 }]);
});

test('of two lines with one e-mail the later counts, in whatever order they come', async () => {
  for (const order of [
    [2, 5],
    [5, 2],
  ]) {
    const { database } = await setupDatabase();
    const uploadId = newUploadId();

    for (const line of order)
      await writeRows(database, [validRow({ uploadId, line, company_name: `Line ${line}` })], []);

    expect(await employeesOf(database)).toMatchObject([{ company_name: 'Line 5', line: 5 }]);
    expect(await ledgerOf(database)).toEqual({ [`${uploadId}/2`]: 'superseded', [`${uploadId}/5`]: 'inserted' });
    expect(await countsOf(database)).toEqual({ [uploadId]: { inserted: 1, superseded: 1 } });
  }
});

test('a line that displaces an earlier one is compared with the employee before the upload', async () => {
  const { database } = await setupDatabase();
  const [first, second] = twoUploads();
  await writeRows(database, [validRow({ uploadId: first, line: 2, company_name: 'Old' })], []);

  await writeRows(database, [validRow({ uploadId: second, line: 2, company_name: 'New' })], []);
  await writeRows(database, [validRow({ uploadId: second, line: 3, company_name: 'Old' })], []);

  expect(await countsOf(database)).toEqual({
    [first]: { inserted: 1 },
    [second]: { unchanged: 1, superseded: 1 },
  });
});

test('a row that was written keeps nothing, a rejected one its raw values and errors, as far as jsonb can hold them', async () => {
  const { database } = await setupDatabase();
  const uploadId = newUploadId();
  const errors = [{ code: 'control_character' as const, column: 'employee_name' as const, message: 'has a \0' }];

  await writeRows(
    database,
    [validRow({ uploadId, line: 2 })],
    [{ uploadId, line: 3, attempts: 4, raw: ['a\0b', 'lone \ud800', '😀 \uffff'], errors }],
  );

  const { rows } = await database.raw('select line, attempts, raw, errors from upload_rows order by line');
  expect(rows).toEqual([
    { line: 2, attempts: 1, raw: null, errors: null },
    {
      line: 3,
      attempts: 4,
      raw: ['a\ufffdb', 'lone \ufffd', '😀 \uffff'],
      errors: [{ code: 'control_character', column: 'employee_name', message: 'has a \ufffd' }],
    },
  ]);
});

test('new, known, old and rejected rows of one batch each come to what they are', async () => {
  const { database } = await setupDatabase();
  const [first, second] = twoUploads();
  await writeRows(
    database,
    ['a@x.org', 'c@x.org'].map((email, index) => validRow({ uploadId: first, line: index + 2, email })),
    [],
  );
  const old = validRow({ uploadId: first, line: 4, email: 'd@x.org' });
  const batch = ['b@x.org', 'd@x.org', 'a@x.org', 'b@x.org'].map((email, index) =>
    validRow({ uploadId: second, line: index + 2, email }),
  );

  const counts = await writeRows(database, [old, ...batch], [rejectedRow({ uploadId: second, line: 6 })]);

  expect(counts).toEqual({ ...NOTHING, inserted: 2, unchanged: 1, superseded: 2, rejected: 1 });
  expect(await employeesOf(database)).toMatchObject([
    { email: 'a@x.org', upload_id: second, line: 4 },
    { email: 'b@x.org', upload_id: second, line: 5 },
    { email: 'c@x.org', upload_id: first, line: 3 },
    { email: 'd@x.org', upload_id: second, line: 3 },
  ]);
  expect(await countsOf(database)).toMatchObject({
    [first]: { inserted: 2, superseded: 1 },
    [second]: { inserted: 2, unchanged: 1, superseded: 1, rejected: 1 },
  });
});

test('an empty batch is no work', async () => {
  const { database } = await setupDatabase();
  expect(await writeRows(database, [], [])).toEqual(NOTHING);
});

test('a thousand rows go in one batch', async () => {
  const { database } = await setupDatabase();
  const uploadId = newUploadId();
  const rows = Array.from({ length: 1000 }, (_, index) =>
    validRow({ uploadId, line: index + 2, email: `${index}@x.org` }),
  );

  expect(await writeRows(database, rows, [])).toEqual({ ...NOTHING, inserted: 1000 });

  expect(await employeesOf(database)).toHaveLength(1000);
});

async function updateTimes(database: Database): Promise<Record<string, string>> {
  const { rows } = await database.raw<{ rows: { email: string; at: string }[] }>(
    'select email, updated_at::text as at from employees',
  );
  return Object.fromEntries(rows.map(({ email, at }) => [email, at]));
}
