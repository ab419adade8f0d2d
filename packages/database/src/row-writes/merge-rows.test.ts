import { setupDatabase } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { keptOf, renamedOf, validRow, warningCountsOf } from '../../test/ledger.ts';
import type { Database } from '../connection/connect.ts';
import { mergeRows } from './merge-rows.ts';
import { writeRows } from './write-rows.ts';

/** Two uploads, the second later than the first. */
function twoUploads(): [string, string] {
  return ['019a0000-0000-7000-8000-000000000001', '019a0000-0000-7000-8000-000000000002'];
}

test('a row that changes the name of an employee who was there says the name before its upload, and is counted', async () => {
  const { database } = await setupDatabase();
  const [first, second] = twoUploads();
  const row = (uploadId: string, line: number, employee_name: string, email = 'a@x.org') =>
    validRow({ uploadId, line, employee_name, email });
  await writeRows(database, [row(first, 2, 'Ann'), row(first, 3, 'Bo', 'b@x.org')], []);

  await writeRows(
    database,
    [row(second, 2, 'Cy'), row(second, 3, 'Bo', 'b@x.org'), row(second, 4, 'New', 'n@x.org')],
    [],
  );
  expect(await renamedOf(database)).toEqual({ [`${second}/2`]: 'Ann' });
  expect(await warningCountsOf(database)).toEqual({ [second]: [1, 0] });

  // Not from Cy to Dee: that is a shared address.
  await writeRows(database, [row(second, 5, 'Dee'), row(second, 6, 'Newer', 'n@x.org')], []);
  expect(await renamedOf(database)).toEqual({ [`${second}/5`]: 'Ann' });
  expect(await warningCountsOf(database)).toEqual({ [second]: [1, 2] });

  await writeRows(database, [row(second, 7, 'Ann')], []);
  expect(await renamedOf(database)).toEqual({});
  expect(await warningCountsOf(database)).toEqual({ [second]: [0, 2] });
});

test('a superseded row keeps its values: one that comes too late, and one that is displaced', async () => {
  const { database } = await setupDatabase();
  const [first, second] = twoUploads();
  const late = validRow({ uploadId: first, line: 9, employee_name: 'Late', mobile_no: null });
  const displaced = validRow({ uploadId: second, line: 2, employee_name: 'Displaced' });
  const last = validRow({ uploadId: second, line: 3, employee_name: 'Last' });

  for (const row of [displaced, late, last]) await writeRows(database, [row], []);

  expect(await keptOf(database)).toEqual({
    [`${first}/9`]: { employee_name: 'Late', company_name: 'Analytical', mobile_no: null, email: 'ada@x.org' },
    [`${second}/2`]: {
      employee_name: 'Displaced',
      company_name: 'Analytical',
      mobile_no: '0123456789',
      email: 'ada@x.org',
    },
  });
});

test('a batch reads its own part of the ledger, however small the ledger and whatever is known of it', async () => {
  const { database } = await setupDatabase();
  const [first, second] = twoUploads();
  await database.raw(
    `insert into upload_rows (upload_id, line, outcome, attempts)
     select ?, line, 'unchanged', 1 from generate_series(2, 5001) as line`,
    [first],
  );
  const valid = Array.from({ length: 500 }, (_, index) =>
    validRow({ uploadId: second, line: index + 2, email: `${index}@x.org` }),
  );
  const again = valid.slice(0, 10).map((row) => ({ ...row, uploadId: first }));
  const write = async (rows: readonly ReturnType<typeof validRow>[]) => {
    const transaction = await database.transaction();
    const before = await scansOfLedger(transaction);
    const written = await mergeRows(transaction, { valid: rows, rejected: [] });
    const scans = (await scansOfLedger(transaction)) - before;
    await transaction.rollback();
    return { written, scans };
  };
  const allInserted = [{ outcome: 'inserted', rows: 500, upload_id: null, line: null }];

  for (const analyze of [false, true]) {
    if (analyze) await database.raw('analyze upload_rows');
    expect(await write(valid)).toEqual({ written: allInserted, scans: 0 });
    expect(await write([...valid, ...again])).toEqual({ written: allInserted, scans: 0 });
  }
});

/** How often the session has read the whole ledger, as far as it has not reported it to the server's statistics. */
async function scansOfLedger(transaction: Database): Promise<number> {
  const { rows } = await transaction.raw<{ rows: { scans: number }[] }>(
    "select seq_scan as scans from pg_stat_xact_user_tables where relname = 'upload_rows'",
  );
  return rows[0]?.scans ?? 0;
}
