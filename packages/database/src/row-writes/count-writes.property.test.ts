import type { OutcomeCounts } from '@rowferry/roster';
import { setupDatabase } from '@rowferry/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batchesOf, type FileRow, files, rowsOf } from '../../test/files.ts';
import { employeesOf, ledgerOf } from '../../test/ledger.ts';
import type { Database } from '../connection/connect.ts';
import { countWrites } from './count-writes.ts';
import { writeRows } from './write-rows.ts';

const MINUTE = 60_000;

/** Files that were written, and the last one in the order and batches in which its rows come to be written. */
const story = files.chain((uploads) => {
  const earlier = uploads.slice(0, -1);
  const rows = uploads.slice(-1).flatMap(rowsOf);
  return fc.record({
    uploads: fc.constant(uploads),
    earlier: fc.constant(earlier),
    rows: fc.constant(rows),
    delivered: batchesOf(rows),
    batchRows: fc.integer({ min: 1, max: 5 }),
  });
});

test(
  'a dry run counts what writing the same rows then counts, and changes nothing',
  async () => {
    const { database } = await setupDatabase();
    await fc.assert(
      fc.asyncProperty(story, async ({ uploads, earlier, rows, delivered, batchRows }) => {
        await database.raw(
          'with e as (delete from employees), r as (delete from upload_rows), a as (delete from address_names) delete from upload_counts',
        );
        for (const file of earlier) await write(database, [rowsOf(file)], file.uploadId);
        const before = { employees: await employeesOf(database), ledger: await ledgerOf(database) };

        const valid = rows.flatMap((row) => ('valid' in row ? [row.valid.employee] : []));
        const counted = await countWrites(database, batchesIn(valid, batchRows));

        expect({ employees: await employeesOf(database), ledger: await ledgerOf(database) }).toEqual(before);
        const { rejected, dead, ...written } = await write(database, delivered, uploads.at(-1)?.uploadId);
        expect(counted).toEqual(written);
        expect({ rejected, dead }).toEqual({ rejected: rows.length - valid.length, dead: 0 });
      }),
      { numRuns: 150 },
    );
  },
  2 * MINUTE,
);

test('two dry runs at the same time do not see each other', async () => {
  const { database } = await setupDatabase();
  const gate = Promise.withResolvers<void>();
  const employee = { employee_name: 'Ada', company_name: 'Analytical', mobile_no: '0123456789', email: 'ada@x.org' };
  async function* slow() {
    yield [employee];
    await gate.promise;
    yield [employee];
  }

  const first = countWrites(database, slow());
  const second = await countWrites(database, [[employee]]);
  gate.resolve();

  expect(second).toEqual({ inserted: 1, updated: 0, unchanged: 0, superseded: 0 });
  expect(await first).toEqual({ inserted: 1, updated: 0, unchanged: 0, superseded: 1 });
});

test('a dry run that breaks off leaves nothing, and gives its connection back', async () => {
  const { database } = await setupDatabase();
  const employee = { employee_name: 'Ada', company_name: 'Analytical', mobile_no: '0123456789', email: 'ada@x.org' };
  function* broken() {
    yield [employee];
    throw new Error('the client disconnected');
  }

  // More often than the pool has connections.
  for (let run = 0; run < 20; run++)
    await expect(countWrites(database, broken())).rejects.toThrow('the client disconnected');

  expect(await countWrites(database, [])).toEqual({ inserted: 0, updated: 0, unchanged: 0, superseded: 0 });
  expect(await employeesOf(database)).toEqual([]);
});

async function write(
  database: Database,
  batches: readonly FileRow[][],
  uploadId: string | undefined,
): Promise<OutcomeCounts> {
  for (const batch of batches) {
    const valid = batch.flatMap((row) => ('valid' in row ? [row.valid] : []));
    const rejected = batch.flatMap((row) => ('rejected' in row ? [row.rejected] : []));
    await writeRows(database, valid, rejected);
  }
  return countsOfUpload(database, uploadId);
}

async function countsOfUpload(database: Database, uploadId: string | undefined): Promise<OutcomeCounts> {
  const { rows } = await database.raw<{ rows: OutcomeCounts[] }>(
    `select sum(inserted)::integer as inserted, sum(updated)::integer as updated, sum(unchanged)::integer as unchanged,
       sum(superseded)::integer as superseded, sum(rejected)::integer as rejected, sum(dead)::integer as dead
     from upload_counts where upload_id = ?`,
    [uploadId ?? null],
  );
  const [counts] = rows;
  if (counts === undefined) throw new Error('no counts');
  return counts;
}

function* batchesIn<T>(items: readonly T[], size: number): Generator<T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
