import { OUTCOMES } from '@rowferry/roster';
import { setupDatabase } from '@rowferry/testing';
import { expect, test } from 'vitest';

test('the type of an outcome in the database has the outcomes of the list', async () => {
  const { database } = await setupDatabase();
  const { rows } = await database.raw<{ rows: { outcome: string }[] }>(
    'select unnest(enum_range(null::row_outcome))::text as outcome',
  );
  expect(rows.map(({ outcome }) => outcome)).toEqual([...OUTCOMES]);
});

test('every outcome is counted, and the view shows each and adds up all', async () => {
  const { database } = await setupDatabase();
  const id = '019a0000-0000-7000-8000-000000000001';
  await database.raw(`insert into uploads (id, bucket, object_key, file_name) values (?, 'b', 'k', 'f.csv')`, [id]);
  const counts = OUTCOMES.map((_, index) => 10 ** index);
  await database.raw(
    `insert into upload_counts (upload_id, shard, ${OUTCOMES.join(', ')}) values (?, 0, ${counts.join(', ')})`,
    [id],
  );

  const { rows } = await database.raw<{ rows: Record<string, number>[] }>(
    `select ${OUTCOMES.join(', ')}, recorded from upload_status`,
  );

  expect(rows).toEqual([
    { ...Object.fromEntries(OUTCOMES.map((outcome, index) => [outcome, counts[index]])), recorded: 111_111 },
  ]);
});
