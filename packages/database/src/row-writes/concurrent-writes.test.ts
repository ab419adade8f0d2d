import { newUploadId } from '@rowferry/messages';
import { setupDatabase, statementsThatWait, untilOneWaits } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { countsOf, employeesOf, validRow } from '../../test/ledger.ts';
import { mergeRows } from './merge-rows.ts';
import { writeRows } from './write-rows.ts';

const NOTHING = { inserted: 0, updated: 0, unchanged: 0, superseded: 0, rejected: 0, dead: 0 };

/** Two uploads, the second later than the first. */
function twoUploads(): [string, string] {
  return ['019a0000-0000-7000-8000-000000000001', '019a0000-0000-7000-8000-000000000002'];
}

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

test('a row whose first delivery is rolled back is written with the second', async () => {
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
