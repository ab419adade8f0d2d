import { setupDatabase } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { addEmployees } from '../../test/employees.ts';
import { connect, type Database } from '../connection/connect.ts';
import { SearchIndexMaintenance } from './search-index-maintenance.ts';

const ENOUGH_ROWS = 8_000;

async function addSome(database: Database, name: string): Promise<void> {
  await addEmployees(
    database,
    Array.from({ length: 200 }, (_, index) => ({ employee_name: name, email: `${name}${index}@x.org` })),
  );
}

/** Pages that wait to be merged into the search index. */
async function pendingPages(database: Database): Promise<number> {
  const { rows } = await database.raw<{ rows: { pages: string }[] }>(
    `select pending_pages as pages from pgstatginindex('employees_search')`,
  );
  return Number(rows[0]?.pages);
}

async function setupEmployees() {
  const { database, databaseUrl } = await setupDatabase();
  await database.raw('create extension pgstattuple');
  await database.raw('alter table employees set (autovacuum_enabled = off)');
  return { database, databaseUrl };
}

test('every so many rows, what waits is merged into the search index; later each time, as long as little waits', async () => {
  const { database } = await setupEmployees();
  const maintenance = new SearchIndexMaintenance(database);

  await addSome(database, 'ada');
  await maintenance.wrote(ENOUGH_ROWS - 1);
  expect(await pendingPages(database)).toBeGreaterThan(0);
  await maintenance.wrote(1);
  expect(await pendingPages(database)).toBe(0);

  await addSome(database, 'bob');
  await maintenance.wrote(ENOUGH_ROWS);
  expect(await pendingPages(database)).toBeGreaterThan(0);
  await maintenance.wrote(ENOUGH_ROWS);
  expect(await pendingPages(database)).toBe(0);
});

test('who does not own the index leaves it to others', async () => {
  const { database, databaseUrl } = await setupEmployees();
  const role = `writer_${Date.now()}`;
  await database.raw(`create role ${role} login password 'secret'`);
  onTestFinished(async () => {
    await database.raw(`drop role ${role}`);
  });
  const url = Object.assign(new URL(databaseUrl), { username: role, password: 'secret' }).href;
  const writer = connect({ url, poolMax: 1, onWarning: () => {} });
  onTestFinished(() => writer.destroy());
  await addSome(database, 'ada');

  await new SearchIndexMaintenance(writer).wrote(ENOUGH_ROWS);

  expect(await pendingPages(database)).toBeGreaterThan(0);
});
