import type { Database } from '@rowferry/database';
import { OUTCOMES, type Outcome } from '@rowferry/roster';
import { setup } from '@rowferry/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { setupConsumer } from './convergence/consumer.ts';
import { plansOf } from './convergence/deliveries.ts';
import { type File, files, recordsOf } from './convergence/files.ts';

const MINUTE = 60_000;
const RUNS = 100;

test(
  'whatever order messages come in, how often, in which batches, with what breaking and dying: the same employees, every row one outcome, counts that add up',
  async () => {
    const fixtures = await setup();
    const consumer = await setupConsumer(fixtures);
    await fc.assert(
      fc.asyncProperty(files.chain(plansOf), async ({ files, steps, workers }) => {
        await empty(fixtures.database);

        await consumer.take(steps, workers);
        await consumer.redriveAll(workers);

        expect(await employees(fixtures.database)).toEqual(newestOf(files));
        for (const file of files) await expectSettled(fixtures.database, file);
      }),
      { numRuns: RUNS },
    );
  },
  5 * MINUTE,
);

async function expectSettled(database: Database, file: File): Promise<void> {
  const records = recordsOf(file);
  const ledger = await ledgerOf(database, file.upload.id);
  const bad = records.filter(({ record }) => record === null);

  expect(ledger.map(({ line }) => line)).toEqual(records.map(({ line }) => line));
  expect(ledger.filter(({ outcome }) => outcome === 'rejected').map(({ line }) => line)).toEqual(
    bad.map(({ line }) => line),
  );
  // Only what did not land says why, and with which values.
  expect(ledger.filter(({ explained }) => explained).map(({ line }) => line)).toEqual(bad.map(({ line }) => line));
  expect(await statusOf(database, file.upload.id)).toEqual({
    status: bad.length > 0 ? 'completed_with_errors' : 'completed',
    total_rows: records.length,
    dead: 0,
    ...tally(ledger),
  });
}

/** The whole promise in a few lines: of each e-mail the record of the upload received last, there that of the last line. */
function newestOf(files: readonly File[]) {
  const newest = new Map<string, { email: string; company_name: string; upload_id: string; line: number }>();
  for (const file of files) {
    for (const { line, record } of recordsOf(file)) {
      if (record !== null) newest.set(record.email, { ...record, upload_id: file.upload.id, line });
    }
  }
  return [...newest.values()].toSorted((a, b) => (a.email < b.email ? -1 : 1));
}

async function employees(database: Database): Promise<unknown[]> {
  const { rows } = await database.raw<{ rows: unknown[] }>(
    'select email, company_name, upload_id, line from employees order by email',
  );
  return rows;
}

type LedgerRow = { line: number; outcome: Outcome; explained: boolean };

async function ledgerOf(database: Database, uploadId: string): Promise<LedgerRow[]> {
  const { rows } = await database.raw<{ rows: LedgerRow[] }>(
    `select line, outcome, num_nonnulls(raw, errors) > 0 as explained
     from upload_rows where upload_id = ? order by line`,
    [uploadId],
  );
  return rows;
}

async function statusOf(database: Database, uploadId: string): Promise<unknown> {
  const { rows } = await database.raw<{ rows: unknown[] }>(
    `select status, total_rows, ${OUTCOMES.join(', ')} from upload_status where id = ?`,
    [uploadId],
  );
  return rows[0];
}

function tally(ledger: readonly LedgerRow[]): Record<string, number> {
  return Object.fromEntries(
    OUTCOMES.map((outcome) => [outcome, ledger.filter((row) => row.outcome === outcome).length]),
  );
}

async function empty(database: Database): Promise<void> {
  await database.raw(
    `with e as (delete from employees), r as (delete from upload_rows), c as (delete from upload_counts),
       s as (delete from upload_segments), f as (delete from delivery_failures)
     delete from uploads`,
  );
}
