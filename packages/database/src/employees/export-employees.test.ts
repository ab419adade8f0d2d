import { setupDatabase, setupProxy } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { addEmployees } from '../../test/employees.ts';
import { connect } from '../connection/connect.ts';
import { isDatabaseUnavailable } from '../connection/error-class.ts';
import { poolUsage } from '../operations/statistics.ts';
import { readEmployees } from './export-employees.ts';

const ALL = {
  filter: { searchTerm: undefined, company: undefined },
  order: { by: 'id', descending: true },
} as const;

const many = (count: number) => Array.from({ length: count }, (_, index) => ({ email: `e${index}@x.org` }));

test('all employees come in order, as they were when it began', async () => {
  const { database } = await setupDatabase();
  await addEmployees(database, many(2500));

  const ids: number[] = [];
  for await (const batch of readEmployees(database, ALL)) {
    ids.push(...batch.map(({ id }) => id));
    await database.raw('delete from employees');
  }

  expect(ids).toEqual(Array.from({ length: 2500 }, (_, index) => 2500 - index));
  expect(poolUsage(database).used).toBe(0);
});

test('a reader that stops gives its connection back', async () => {
  const { database } = await setupDatabase();
  await addEmployees(database, many(2500));

  for await (const batch of readEmployees(database, ALL)) {
    expect(batch).toHaveLength(1000);
    expect(poolUsage(database).used).toBe(1);
    break;
  }

  expect(poolUsage(database).used).toBe(0);
});

test('when Postgres stops in the middle, the reader gets an error and the pool goes on', async () => {
  const { database: direct, databaseUrl } = await setupDatabase();
  await addEmployees(direct, many(2500));
  const proxy = await setupProxy(databaseUrl);
  const database = connect({ url: proxy.url, poolMax: 1, onWarning: () => {} });
  onTestFinished(() => database.destroy());
  const batches = readEmployees(database, ALL);
  await batches.next();

  await proxy.shut();
  const error: unknown = await batches.next().catch((thrown: unknown) => thrown);
  expect(isDatabaseUnavailable(error)).toBe(true);

  await proxy.open();
  const again = readEmployees(database, ALL);
  expect((await again.next()).value).toHaveLength(1000);
  await again.return();
});
