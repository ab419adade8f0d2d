import { isDeepStrictEqual } from 'node:util';
import type { OutcomeCounts } from '@rowferry/roster';
import { setupDatabase } from '@rowferry/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batchesOf, type FileRow, files, rowsOf } from '../../test/files.ts';
import { employeesOf, ledgerOf, type StoredEmployee } from '../../test/ledger.ts';
import type { Database } from '../connection/connect.ts';
import { findUpload } from '../uploads/find-upload.ts';
import type { NameFacts } from '../uploads/name-facts.ts';
import type { ValidRow } from './batch.ts';
import type { Change } from './compare-writes.ts';
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

        const valid = rows.flatMap((row) => ('valid' in row ? [row.valid] : []));
        const preview = await countWrites(database, batchesIn(valid, batchRows));

        expect({ employees: await employeesOf(database), ledger: await ledgerOf(database) }).toEqual(before);
        const { rejected, dead, ...written } = await write(database, delivered, uploads.at(-1)?.uploadId);
        expect(preview.counts).toEqual(written);
        const { uploadId } = uploads.at(-1) ?? {};
        expect(preview.names).toEqual(await nameFactsOf(database, uploadId));
        expect(preview.changes).toEqual(changesBy(valid, before.employees));
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
    yield [{ line: 2, employee }];
    await gate.promise;
    yield [{ line: 3, employee }];
  }

  const first = countWrites(database, slow());
  const second = await countWrites(database, [[{ line: 2, employee }]]);
  gate.resolve();

  expect(second.counts).toEqual({ inserted: 1, updated: 0, unchanged: 0, superseded: 0 });
  expect((await first).counts).toEqual({ inserted: 1, updated: 0, unchanged: 0, superseded: 1 });
});

test('a dry run that breaks off leaves nothing, and gives its connection back', async () => {
  const { database } = await setupDatabase();
  const employee = { employee_name: 'Ada', company_name: 'Analytical', mobile_no: '0123456789', email: 'ada@x.org' };
  function* broken() {
    yield [{ line: 2, employee }];
    throw new Error('the client disconnected');
  }

  // More often than the pool has connections.
  for (let run = 0; run < 20; run++)
    await expect(countWrites(database, broken())).rejects.toThrow('the client disconnected');

  expect(await countWrites(database, [])).toEqual({
    counts: { inserted: 0, updated: 0, unchanged: 0, superseded: 0 },
    names: { names_changed: 0, renaming_rows: null, shared_addresses: 0, shared_names: null },
    changes: [],
  });
  expect(await employeesOf(database)).toEqual([]);
});

/** What writing the rows of the upload has said of names. */
async function nameFactsOf(database: Database, uploadId = ''): Promise<NameFacts> {
  await database.raw(
    "insert into uploads (id, bucket, object_key, file_name) values (?, 'b', 'k', 'f.csv') on conflict do nothing",
    [uploadId],
  );
  const { names_changed, renaming_rows, shared_addresses, shared_names } = (await findUpload(database, uploadId)) ?? {};
  if (names_changed === undefined || shared_addresses === undefined) throw new Error('no upload');
  return { names_changed, renaming_rows: renaming_rows ?? null, shared_addresses, shared_names: shared_names ?? null };
}

/** The employees that the last row of their e-mail changes, in order of line. */
function changesBy(rows: readonly ValidRow[], employees: readonly StoredEmployee[]): Change[] {
  const stored = new Map(employees.map(({ upload_id: _, line: __, ...employee }) => [employee.email, employee]));
  return rows
    .filter(({ employee }, index) => !rows.slice(index + 1).some((later) => later.employee.email === employee.email))
    .flatMap(({ line, employee }) => {
      const before = stored.get(employee.email);
      return before === undefined || isDeepStrictEqual(before, employee) ? [] : [{ line, before, after: employee }];
    });
}

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
