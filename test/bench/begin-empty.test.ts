import { setupDatabase, untilOneWaits } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { beginEmpty, openDatabase } from '../../bench/tables.ts';

test('tables are emptied without a deadlock while maintenance holds one and asks for another', async () => {
  const { database, databaseUrl } = await setupDatabase();
  const client = await openDatabase(databaseUrl);
  const maintenance = await openDatabase(databaseUrl);
  await maintenance.query(`begin; select from upload_counts`);

  const emptying = beginEmpty(client);
  await untilOneWaits(database);
  await maintenance.query('select from employees; commit');
  await emptying;

  expect((await client.query('show lock_timeout')).rows).toEqual([{ lock_timeout: '0' }]);
  await Promise.all([client.end(), maintenance.end()]);
});
