import { newUploadId } from '@rowferry/messages';
import { setupDatabase, statementsThatWait, untilOneWaits } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { countsOf, employeesOf, ledgerOf, rejectedRow, validRow } from '../test/ledger.ts';
import type { Database } from './connection.ts';
import { recordDeadRows } from './dead-letters.ts';
import { isDataError } from './error-class.ts';
import { mergeRows } from './merge-rows.ts';
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

test('a batch that comes again enters nothing, counts nothing and changes nothing', async () => {
  const { database } = await setupDatabase();
  const uploadId = newUploadId();
  const valid = [validRow({ uploadId, line: 2 }), validRow({ uploadId, line: 3, email: 'b@x.org' })];
  const rejected = [rejectedRow({ uploadId, line: 4 })];
  await writeRows(database, valid, rejected);
  const before = [await employeesOf(database), await ledgerOf(database), await updateTimes(database)];

  expect(await writeRows(database, valid, rejected)).toEqual(NOTHING);

  expect([await employeesOf(database), await ledgerOf(database), await updateTimes(database)]).toEqual(before);
  expect(await countsOf(database)).toEqual({ [uploadId]: { inserted: 2, rejected: 1 } });
});

test('one row twice in a batch is one row', async () => {
  const { database } = await setupDatabase();
  const uploadId = newUploadId();
  const row = validRow({ uploadId, line: 2 });
  const bad = rejectedRow({ uploadId, line: 3 });

  expect(await writeRows(database, [row, row], [bad, bad])).toEqual({ ...NOTHING, inserted: 1, rejected: 1 });

  expect(await ledgerOf(database)).toEqual({ [`${uploadId}/2`]: 'inserted', [`${uploadId}/3`]: 'rejected' });
});

test('only a rejected row keeps its raw values and errors, as far as jsonb can hold them', async () => {
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

test('a batch of which Postgres refuses a new employee lands not at all', async () => {
  const { database } = await setupDatabase();
  const uploadId = newUploadId();
  await database.raw("alter table employees add constraint no_acme check (company_name <> 'Acme')");
  const good = validRow({ uploadId, line: 2 });
  const bad = validRow({ uploadId, line: 3, email: 'b@x.org', company_name: 'Acme' });

  const error = await writeRows(database, [good, bad], [rejectedRow({ uploadId, line: 4 })]).catch((e: unknown) => e);

  expect(isDataError(error)).toBe(true);
  expect(await employeesOf(database)).toEqual([]);
  expect(await ledgerOf(database)).toEqual({});
  expect(await countsOf(database)).toEqual({});
});

test('when Postgres refuses to change an employee, new ones of the batch stay, and count once when it comes again', async () => {
  const { database } = await setupDatabase();
  const [first, second] = twoUploads();
  await writeRows(database, [validRow({ uploadId: first, line: 2, email: 'known@x.org' })], []);
  await database.raw(`create function refuse() returns trigger language plpgsql as
    $$ begin raise exception 'nobody changes' using errcode = 'check_violation'; end $$`);
  await database.raw('create trigger refuse before update on employees for each row execute function refuse()');
  const added = validRow({ uploadId: second, line: 2, email: 'new@x.org' });
  const refused = validRow({ uploadId: second, line: 3, email: 'known@x.org', company_name: 'Acme' });
  const rejected = rejectedRow({ uploadId: second, line: 4 });

  const error = await writeRows(database, [added, refused], [rejected]).catch((e: unknown) => e);
  expect(isDataError(error)).toBe(true);
  expect(await writeRows(database, [added], [rejected])).toEqual(NOTHING);

  expect(await ledgerOf(database)).toEqual({
    [`${first}/2`]: 'inserted',
    [`${second}/2`]: 'inserted',
    [`${second}/4`]: 'rejected',
  });
  expect(await countsOf(database)).toMatchObject({ [second]: { inserted: 1, rejected: 1 } });
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

test('a row that was dead lands beside new ones, and is dead no more', async () => {
  const { database } = await setupDatabase();
  const uploadId = newUploadId();
  const dead = validRow({ uploadId, line: 2 });
  await recordDeadRows(database, [{ messageId: 'm', uploadId, line: 2, attempts: 5, raw: dead.employee }]);

  const counts = await writeRows(database, [dead, validRow({ uploadId, line: 3, email: 'b@x.org' })], []);

  expect(counts).toEqual({ ...NOTHING, inserted: 2 });
  expect(await ledgerOf(database)).toEqual({ [`${uploadId}/2`]: 'inserted', [`${uploadId}/3`]: 'inserted' });
  expect(await countsOf(database)).toEqual({ [uploadId]: { inserted: 2 } });
});

test('an employee that somebody deleted does not come back with a row that comes again', async () => {
  const { database } = await setupDatabase();
  const uploadId = newUploadId();
  const row = validRow({ uploadId, line: 2 });
  await writeRows(database, [row], []);
  await database.raw('delete from employees');

  const counts = await writeRows(database, [row, validRow({ uploadId, line: 3, email: 'b@x.org' })], []);

  expect(counts).toEqual({ ...NOTHING, inserted: 1 });
  expect(await employeesOf(database)).toMatchObject([{ email: 'b@x.org' }]);
  expect(await countsOf(database)).toEqual({ [uploadId]: { inserted: 2 } });
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

test('a line waits for an earlier one that another transaction is writing, and then displaces it', async () => {
  const [first, second] = twoUploads();
  for (const known of [true, false]) {
    const { database } = await setupDatabase();
    if (known) await writeRows(database, [validRow({ uploadId: first, line: 2, company_name: 'Before' })], []);
    const transaction = await database.transaction();
    await writeRows(transaction, [validRow({ uploadId: second, line: 2, company_name: 'Two' })], []);

    const later = writeRows(database, [validRow({ uploadId: second, line: 3, company_name: 'Three' })], []);
    await untilOneWaits(database);
    await transaction.commit();

    const outcome = known ? 'updated' : 'inserted';
    expect(await later).toEqual({ ...NOTHING, [outcome]: 1 });
    expect(await employeesOf(database)).toMatchObject([{ company_name: 'Three', upload_id: second, line: 3 }]);
    expect((await countsOf(database))[second]).toEqual({ [outcome]: 1, superseded: 1 });
  }
});

test('a row that is delivered twice at the same time counts once', async () => {
  const { database } = await setupDatabase();
  const uploadId = newUploadId();
  const batch = [validRow({ uploadId, line: 2 }), validRow({ uploadId, line: 3, email: 'b@x.org' })];
  const transaction = await database.transaction();
  await writeRows(transaction, batch, []);

  const again = writeRows(database, batch, []);
  await untilOneWaits(database);
  await transaction.commit();

  expect(await again).toEqual(NOTHING);
  expect(await countsOf(database)).toEqual({ [uploadId]: { inserted: 2 } });
});

test('a row whose first delivery is rolled back lands with the second', async () => {
  const { database } = await setupDatabase();
  const uploadId = newUploadId();
  const row = validRow({ uploadId, line: 2 });
  const transaction = await database.transaction();
  await writeRows(transaction, [row], []);

  const again = writeRows(database, [row], []);
  await untilOneWaits(database);
  await transaction.rollback();

  expect(await again).toEqual({ ...NOTHING, inserted: 1 });
  expect(await countsOf(database)).toEqual({ [uploadId]: { inserted: 1 } });
});

test('a batch that holds a known employee and one that holds a new one do not wait for each other', async () => {
  const { database } = await setupDatabase();
  const [first, second] = twoUploads();
  const row = (uploadId: string, line: number, email: string) => validRow({ uploadId, line, email });
  const blocker = await database.transaction();
  await writeRows(blocker, [row(first, 2, 'b@x.org')], []);

  // Of c@x.org, which comes while it waits for b@x.org, it knows nothing.
  const inserting = mergeRows(database, {
    valid: ['a', 'b', 'c'].map((name, index) => row(second, index + 2, `${name}@x.org`)),
    rejected: [],
  });
  await untilOneWaits(database);
  await writeRows(database, [row(first, 3, 'c@x.org')], []);
  // It has locked c@x.org when it waits for a@x.org.
  const updating = mergeRows(database, { valid: [row(second, 5, 'a@x.org'), row(second, 6, 'c@x.org')], rejected: [] });
  await expect.poll(() => statementsThatWait(database)).toBe(2);
  await blocker.rollback();

  expect(await inserting).toMatchObject([
    { outcome: 'inserted', rows: 2 },
    { outcome: 'deferred', line: 4 },
  ]);
  expect(await updating).toMatchObject([
    { outcome: 'unchanged', rows: 1 },
    { outcome: 'deferred', line: 5 },
  ]);
});

async function updateTimes(database: Database): Promise<Record<string, string>> {
  const { rows } = await database.raw<{ rows: { email: string; at: string }[] }>(
    'select email, updated_at::text as at from employees',
  );
  return Object.fromEntries(rows.map(({ email, at }) => [email, at]));
}
