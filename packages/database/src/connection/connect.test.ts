import { setupDatabase } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { connect } from './connect.ts';

test('bigints are numbers, times are dates', async () => {
  const { database } = await setupDatabase();
  const { rows } = await database.raw(
    `select 9007199254740991::bigint as big, count(*) as none, timestamptz '2026-11-22 10:00:00Z' as at from employees`,
  );
  expect(rows).toEqual([{ big: 9_007_199_254_740_991, none: 0, at: new Date('2026-11-22T10:00:00Z') }]);
});

test('an error’s message has neither the statement nor its values, which can be personal data', async () => {
  const { database } = await setupDatabase();
  const error = await database
    .raw("select ?::text || 'Beeblebrox' from nowhere", ['Zaphod'])
    .catch((caught: unknown) => (caught instanceof Error ? caught : undefined));
  expect(error?.message).toBe('relation "nowhere" does not exist');
  expect(error?.stack).not.toMatch(/Zaphod|Beeblebrox/);
});

test('more statements at once than connections wait for their turn', async () => {
  const { databaseUrl } = await setupDatabase();
  const database = connect({ url: databaseUrl, poolMax: 2, onWarning: () => {} });
  onTestFinished(() => database.destroy());

  const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => database.raw('select ?::integer as n', [n])));

  expect(answers.map(({ rows }) => rows[0].n)).toEqual(Array.from({ length: 20 }, (_, n) => n));
  const { rows } = await database.raw(
    `select count(*) as sessions from pg_stat_activity where datname = current_database()`,
  );
  expect(rows[0].sessions).toBeLessThanOrEqual(2);
});
