import { setupDatabase } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { listRowTotals, recordRowTotals } from './row-totals.ts';

test('totals are recorded once a minute no matter who does so, and those of hours ago are deleted', async () => {
  const { database } = await setupDatabase();
  await database.raw(`
    insert into row_totals (minute, taken_at, rows) values
      (now() - interval '3 hours', now() - interval '3 hours', '{"inserted": 1}'),
      (now() - interval '90 minutes', now() - interval '90 minutes', '{"inserted": 2}'),
      (now() - interval '20 minutes', now() - interval '20 minutes', '{"inserted": 3}')`);
  await database.raw(`
    insert into upload_counts (upload_id, shard, inserted, dead) values
      ('019a0000-0000-7000-8000-000000000001', 0, 4, 0), ('019a0000-0000-7000-8000-000000000001', 1, 3, 2)`);

  await Promise.all(Array.from({ length: 4 }, () => recordRowTotals(database)));

  const rows = { inserted: 7, updated: 0, unchanged: 0, superseded: 0, rejected: 0, dead: 2 };
  const lastHour = await listRowTotals(database, 60);
  expect(lastHour[0]?.rows).toEqual({ inserted: 3 });
  // One more where a minute ended meanwhile.
  expect(new Set(lastHour.slice(1).map((total) => JSON.stringify(total.rows)))).toHaveLength(1);
  expect(lastHour.at(-1)?.rows).toEqual(rows);
  expect((await listRowTotals(database, 1000)).map((total) => total.rows.inserted).slice(0, 2)).toEqual([2, 3]);
});
