import type { Outcome, OutcomeCounts, Raw } from '@rowferry/roster';
import { setupDatabase } from '@rowferry/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  applyFile,
  batchesOf,
  type File,
  type FileRow,
  files,
  type ModelEmployee,
  rowsOf,
  sharedIn,
} from '../../test/files.ts';
import {
  countsOf,
  employeesOf,
  keptOf,
  ledgerOf,
  renamedOf,
  sharedOf,
  tally,
  tallyWarnings,
  warningCountsOf,
} from '../../test/ledger.ts';
import type { Database } from '../connection/connect.ts';
import { writeRows } from './write-rows.ts';

const MINUTE = 60_000;

const workers = fc.integer({ min: 1, max: 6 });

/** Files, and all their rows mixed together. */
const mixedDelivery = files.chain((uploads) =>
  fc.record({ uploads: fc.constant(uploads), batches: batchesOf(uploads.flatMap(rowsOf)), workers }),
);

/** Files one after the other, each on its own way, and at the end all of them again, mixed together. */
const orderlyDelivery = files.chain((uploads) =>
  fc.record({
    uploads: fc.tuple(
      ...uploads.map((upload) => fc.record({ upload: fc.constant(upload), batches: batchesOf(rowsOf(upload)) })),
    ),
    again: batchesOf(uploads.flatMap(rowsOf)),
    workers,
  }),
);

test(
  'however rows come, employees are the newest version of each, and every row has one outcome that is counted once',
  async () => {
    const { database } = await setupDatabase();
    await fc.assert(
      fc.asyncProperty(mixedDelivery, async ({ uploads, batches, workers }) => {
        await empty(database);

        const returned = await deliver(database, batches, workers);

        const outcomes = await ledgerOf(database);
        expect(await employees(database)).toEqual(newestOf(uploads.flatMap(rowsOf)));
        expect(Object.keys(outcomes).toSorted()).toEqual(uploads.flatMap(rowsOf).map(addressOf).toSorted());
        expect(await countsOf(database)).toEqual(tally(outcomes));
        expect(sum(returned)).toBe(Object.keys(outcomes).length);
        const renamed = await renamedOf(database);
        expect(Object.keys(renamed).filter((address) => outcomes[address] !== 'updated')).toEqual([]);
        expect(await sharedOf(database)).toEqual(sharedInEach(uploads));
        expect(await warningCountsOf(database)).toEqual(tallyWarnings(renamed, sharedInEach(uploads)));
        expect(await keptOf(database)).toEqual(valuesOf(uploads, outcomes));
      }),
      { numRuns: 150 },
    );
  },
  2 * MINUTE,
);

test(
  'files that come one after the other have the outcomes that each file’s content says, and rows sent again change nothing',
  async () => {
    const { database } = await setupDatabase();
    await fc.assert(
      fc.asyncProperty(orderlyDelivery, async ({ uploads, again, workers }) => {
        await empty(database);
        let expected = new Map<string, ModelEmployee>();
        let expectedOutcomes: Record<string, Outcome> = {};
        let expectedRenamed = {};

        for (const { upload, batches } of uploads) {
          await deliver(database, batches, workers);

          const applied = applyFile(expected, upload);
          expected = applied.employees;
          expectedOutcomes = { ...expectedOutcomes, ...applied.outcomes };
          expectedRenamed = { ...expectedRenamed, ...applied.renamed };
          expect(await ledgerOf(database)).toEqual(expectedOutcomes);
          expect(await renamedOf(database)).toEqual(expectedRenamed);
        }
        const files = uploads.map(({ upload }) => upload);
        const expectWarnings = async () => {
          expect(await renamedOf(database)).toEqual(expectedRenamed);
          expect(await sharedOf(database)).toEqual(sharedInEach(files));
          expect(await warningCountsOf(database)).toEqual(tallyWarnings(expectedRenamed, sharedInEach(files)));
          expect(await keptOf(database)).toEqual(valuesOf(files, expectedOutcomes));
        };
        await expectWarnings();

        expect(sum(await deliver(database, again, workers))).toBe(0);
        expect(await ledgerOf(database)).toEqual(expectedOutcomes);
        expect(await countsOf(database)).toEqual(tally(expectedOutcomes));
        expect(await employees(database)).toEqual(sorted([...expected.values()]));
        await expectWarnings();
      }),
      { numRuns: 100 },
    );
  },
  2 * MINUTE,
);

async function empty(database: Database): Promise<void> {
  // Not truncate, which makes new files: with a few rows it is ten times slower.
  await database.raw(
    'with e as (delete from employees), r as (delete from upload_rows), a as (delete from address_names) delete from upload_counts',
  );
}

/** Writes batches by several workers at once, of which none may fail: whatever the batches have in common, no two deadlock. */
async function deliver(database: Database, batches: readonly FileRow[][], workers: number): Promise<OutcomeCounts[]> {
  const queue = [...batches];
  const returned: OutcomeCounts[] = [];
  const work = async () => {
    for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
      const valid = batch.flatMap((row) => ('valid' in row ? [row.valid] : []));
      const rejected = batch.flatMap((row) => ('rejected' in row ? [row.rejected] : []));
      returned.push(await writeRows(database, valid, rejected));
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return returned;
}

/** The employees that rows come to: of each e-mail the row of the upload that was received last, there the one of the last line. */
function newestOf(rows: readonly FileRow[]): ModelEmployee[] {
  const newest = new Map<string, ModelEmployee>();
  const valid = rows.flatMap((row) => ('valid' in row ? [row.valid] : []));
  const oldestFirst = valid.toSorted(
    (a, b) =>
      a.receivedAtMicros - b.receivedAtMicros ||
      (a.uploadId === b.uploadId ? a.line - b.line : a.uploadId < b.uploadId ? -1 : 1),
  );
  for (const { uploadId, line, employee } of oldestFirst) {
    newest.set(employee.email, {
      employee_name: employee.employee_name,
      email: employee.email,
      company_name: employee.company_name,
      upload_id: uploadId,
      line,
    });
  }
  return sorted([...newest.values()]);
}

async function employees(database: Database): Promise<ModelEmployee[]> {
  const stored = await employeesOf(database);
  return stored.map(({ employee_name, email, company_name, upload_id, line }) => ({
    employee_name,
    email,
    company_name,
    upload_id,
    line,
  }));
}

/** The shared addresses of each file that has any, from the files alone. */
function sharedInEach(uploads: readonly File[]): Record<string, ReturnType<typeof sharedIn>> {
  const shared = uploads.map((upload) => [upload.uploadId, sharedIn(upload)] as const);
  return Object.fromEntries(shared.filter(([, addresses]) => Object.keys(addresses).length > 0));
}

/** The values of the rows that were rejected or are superseded: those that the ledger keeps. */
function valuesOf(uploads: readonly File[], outcomes: Readonly<Record<string, Outcome>>): Record<string, Raw> {
  const kept = uploads.flatMap(rowsOf).flatMap((row): [string, Raw][] => {
    if ('rejected' in row) return [[addressOf(row), row.rejected.raw]];
    return outcomes[addressOf(row)] === 'superseded' ? [[addressOf(row), row.valid.employee]] : [];
  });
  return Object.fromEntries(kept);
}

function sorted(employees: readonly ModelEmployee[]): ModelEmployee[] {
  return employees.toSorted((a, b) => (a.email < b.email ? -1 : 1));
}

function addressOf(row: FileRow): string {
  const { uploadId, line } = 'valid' in row ? row.valid : row.rejected;
  return `${uploadId}/${line}`;
}

function sum(returned: readonly OutcomeCounts[]): number {
  return returned.flatMap((counts) => Object.values(counts)).reduce((total, rows) => total + rows, 0);
}
