import { newUploadId } from '@rowferry/messages';
import { setupDatabase } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { countsOf, employeesOf, ledgerOf, rejectedRow, validRow } from '../../test/ledger.ts';
import type { Database } from '../connection/connect.ts';
import { isDataError } from '../connection/error-class.ts';
import { recordDeadRows } from '../failed-rows/dead-letters.ts';
import { writeRows } from './write-rows.ts';

const NOTHING = { inserted: 0, updated: 0, unchanged: 0, superseded: 0, rejected: 0, dead: 0 };

/** Two uploads, the second later than the first. */
function twoUploads(): [string, string] {
  return ['019a0000-0000-7000-8000-000000000001', '019a0000-0000-7000-8000-000000000002'];
}

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

test('a batch of which Postgres refuses a new employee is not written at all', async () => {
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

test('a row that was dead is written beside new ones, and is dead no more', async () => {
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

test('each row of a batch is looked up in the ledger, wherever it is in its file', async () => {
  const { database } = await setupDatabase();
  const [first, second] = twoUploads();
  const lines = [1, 2, 31, 32, 33, 63, 64, 65, 127, 128, 129, 255, 256, 4095, 4096, 1_000_000, 2_147_483_647];
  const rows = lines.map((line) => validRow({ uploadId: first, line, email: `line${line}@x.org` }));
  await writeRows(database, rows, []);
  await database.raw('delete from employees');

  // Employees whom somebody deleted: a row that was not found in the ledger would bring one back.
  expect(await writeRows(database, rows, [])).toEqual(NOTHING);
  expect(await employeesOf(database)).toEqual([]);

  const other = lines.map((line) => validRow({ uploadId: second, line, email: `line${line}@x.org` }));
  expect(await writeRows(database, [...rows, ...other], [])).toEqual({ ...NOTHING, inserted: lines.length });
  expect(await countsOf(database)).toEqual({
    [first]: { inserted: lines.length },
    [second]: { inserted: lines.length },
  });
});

async function updateTimes(database: Database): Promise<Record<string, string>> {
  const { rows } = await database.raw<{ rows: { email: string; at: string }[] }>(
    'select email, updated_at::text as at from employees',
  );
  return Object.fromEntries(rows.map(({ email, at }) => [email, at]));
}
