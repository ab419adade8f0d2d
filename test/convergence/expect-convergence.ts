import type { Database } from '@rowferry/database';
import { OUTCOMES, type Outcome } from '@rowferry/roster';
import type { Fixtures } from '@rowferry/testing';
import fc from 'fast-check';
import { expect } from 'vitest';
import { type Handlers, setupConsumer } from './consumer.ts';
import { plansOf } from './deliveries.ts';
import { type File, files, type PlacedRecord, recordsOf } from './files.ts';

/**
 * Delivers files in so many ways, and fails unless the employees and the outcomes are those of the files each time.
 *
 * @param startHandlers makes handlers that remember nothing.
 */
export async function expectConvergence(
  fixtures: Fixtures,
  startHandlers: () => Handlers | Promise<Handlers>,
  numRuns: number,
): Promise<void> {
  const consumer = await setupConsumer(fixtures, startHandlers);
  await fc.assert(
    fc.asyncProperty(files.chain(plansOf), async ({ files, steps, workers }) => {
      await empty(fixtures.database);

      await consumer.take(steps, workers);
      await consumer.redriveAll(workers);

      expect(await employees(fixtures.database)).toEqual(newestOf(files));
      for (const file of files) await expectSettled(fixtures.database, file);
    }),
    { numRuns },
  );
}

async function expectSettled(database: Database, file: File): Promise<void> {
  const records = recordsOf(file);
  const ledger = await ledgerOf(database, file.upload.id);
  const bad = records.filter(({ record }) => record === null);

  expect(ledger.map(({ line }) => line)).toEqual(records.map(({ line }) => line));
  expect(ledger.filter(({ outcome }) => outcome === 'rejected').map(({ line }) => line)).toEqual(
    bad.map(({ line }) => line),
  );
  // Only what did not land says why; its values are kept, and those of superseded rows.
  expect(ledger.filter(({ explained }) => explained).map(({ line }) => line)).toEqual(bad.map(({ line }) => line));
  const keeps = ({ outcome }: LedgerRow) => outcome === 'rejected' || outcome === 'superseded';
  expect(ledger.filter(({ kept }) => kept)).toEqual(ledger.filter(keeps));
  for (const { line, outcome, values } of ledger) {
    if (outcome === 'superseded') expect(values).toMatchObject(records.find((row) => row.line === line)?.record ?? {});
  }
  expect(await statusOf(database, file.upload.id)).toEqual({
    status: bad.length > 0 ? 'completed_with_errors' : 'completed',
    total_rows: records.length,
    dead: 0,
    ...tally(ledger),
    names_changed: ledger.filter(({ renames }) => renames).length,
    shared_addresses: sharedAddresses(records).length,
  });
}

/** The whole promise in a few lines: of each e-mail the record of the upload received last, there that of the last line. */
function newestOf(files: readonly File[]) {
  type Newest = NonNullable<PlacedRecord['record']> & { upload_id: string; line: number };
  const newest = new Map<string, Newest>();
  for (const file of files) {
    for (const { line, record } of recordsOf(file)) {
      if (record !== null) newest.set(record.email, { ...record, upload_id: file.upload.id, line });
    }
  }
  return [...newest.values()].toSorted((a, b) => (a.email < b.email ? -1 : 1));
}

/** The addresses that stand beside several names in a file. */
function sharedAddresses(records: readonly PlacedRecord[]): string[] {
  const good = records.flatMap(({ record }) => (record === null ? [] : [record]));
  const isShared = (email: string) =>
    new Set(good.filter((record) => record.email === email).map((record) => record.employee_name)).size > 1;
  return [...new Set(good.map(({ email }) => email))].filter(isShared);
}

async function employees(database: Database): Promise<unknown[]> {
  const { rows } = await database.raw<{ rows: unknown[] }>(
    `select e.employee_name, e.email, e.company_name, o.upload_id, o.line
     from employees e join employee_origins o using (id) order by e.email`,
  );
  return rows;
}

type LedgerRow = {
  line: number;
  outcome: Outcome;
  explained: boolean;
  kept: boolean;
  renames: boolean;
  values: unknown;
};

async function ledgerOf(database: Database, uploadId: string): Promise<LedgerRow[]> {
  const { rows } = await database.raw<{ rows: LedgerRow[] }>(
    `select line, outcome, errors is not null as explained, raw is not null as kept, name_before is not null as renames,
       raw as values
     from upload_rows where upload_id = ? order by line`,
    [uploadId],
  );
  return rows;
}

async function statusOf(database: Database, uploadId: string): Promise<unknown> {
  const { rows } = await database.raw<{ rows: unknown[] }>(
    `select status, total_rows, names_changed, shared_addresses, ${OUTCOMES.join(', ')} from upload_status where id = ?`,
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
       a as (delete from address_names),
       s as (delete from upload_segments), f as (delete from delivery_failures)
     delete from uploads`,
  );
}
