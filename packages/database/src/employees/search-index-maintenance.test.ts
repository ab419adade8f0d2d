import { setupDatabase } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { indexEmployees } from '../../test/search-index.ts';
import { connect, type Database } from '../connection/connect.ts';
import { listEmployees } from './list-employees.ts';
import { SearchIndexMaintenance, tidySearchIndex } from './search-index-maintenance.ts';

const RANGE = 65_536;
const UNSETTLED = 8_192;
const ENOUGH_ROWS = 8_192;

/** Adds employees with consecutive ids. */
async function addMany(database: Database, count: number, createdAt = 'now()'): Promise<void> {
  await database.raw(
    `insert into employees (employee_name, company_name, email, received_at, upload_id, line, created_at)
     select 'Person', 'Acme', gen_random_uuid() || '@x.org', now(), '019a0000-0000-7000-8000-000000000001', n, ${createdAt}
     from generate_series(1, ?::int) n`,
    [count],
  );
}

async function rangesOf(database: Database): Promise<{ last_id: number; employees: number }[]> {
  const { rows } = await database.raw<{ rows: { last_id: number; employees: number }[] }>(
    'select last_id, employees from employee_search_ranges order by 1',
  );
  return rows;
}

test('a range is built as soon as there are enough employees who have been there for a while', async () => {
  const { database } = await setupDatabase();
  const maintenance = new SearchIndexMaintenance(database);
  await addMany(database, RANGE + UNSETTLED - 1);
  await maintenance.wrote(ENOUGH_ROWS);
  expect(await rangesOf(database)).toEqual([]);

  await addMany(database, 1);
  await maintenance.wrote(ENOUGH_ROWS - 1);
  expect(await rangesOf(database)).toEqual([]);
  await maintenance.wrote(1);
  expect(await rangesOf(database)).toEqual([{ last_id: RANGE, employees: RANGE }]);

  await maintenance.wrote(ENOUGH_ROWS);
  expect(await rangesOf(database)).toHaveLength(1);
});

test('who falls far behind says so, and what keeps the index from being built', async () => {
  const { database, databaseUrl } = await setupDatabase();
  const session = connect({ url: databaseUrl, poolMax: 1, onWarning: () => {} });
  onTestFinished(() => session.destroy());
  await addMany(database, RANGE + UNSETTLED);
  const writer = await session.transaction();
  onTestFinished(async () => {
    await writer.rollback();
  });
  await writer.raw('update employees set company_name = company_name where id = 1');
  const maintenance = new SearchIndexMaintenance(database);
  await maintenance.wrote(ENOUGH_ROWS);

  await addMany(database, 3 * RANGE - UNSETTLED);
  await maintenance.wrote(ENOUGH_ROWS);
  await addMany(database, 1);
  await expect(maintenance.wrote(ENOUGH_ROWS)).rejects.toThrow(/^more than 262144 employees are searched one by one/);
  expect(await rangesOf(database)).toEqual([]);
});

test('very many ranges become fewer even while employees are being added', async () => {
  const { database } = await setupDatabase();
  await addMany(database, 330);
  for (let lastId = 10; lastId <= 320; lastId += 10)
    expect(await indexEmployees(database, { afterId: lastId === 10 ? null : lastId - 10, lastId })).toBe(true);
  expect(await tidySearchIndex(database)).toBe(0);
  expect(await indexEmployees(database, { afterId: 320, lastId: 330 })).toBe(true);
  expect(await tidySearchIndex(database)).toBe(1);
  expect(await rangesOf(database)).toHaveLength(26);
});

test('while employees are being added nothing is tidied, and afterwards all who are there are indexed', async () => {
  const { database } = await setupDatabase();
  await addMany(database, 5_000);
  expect(await tidySearchIndex(database)).toBe(0);

  await database.raw(`update employees set created_at = now() - interval '2 minutes'`);
  expect(await tidySearchIndex(database)).toBe(1);
  expect(await rangesOf(database)).toEqual([{ last_id: 5_000, employees: 5_000 }]);
  expect(await tidySearchIndex(database)).toBe(0);

  await addMany(database, 4_096, `now() - interval '2 minutes'`);
  await database.raw(`update employees set employee_name = 'Zoe Zq' where id % 3 = 0`);
  expect(await tidySearchIndex(database)).toBe(1);
  expect(await rangesOf(database)).toEqual([{ last_id: 9_096, employees: 9_096 }]);
  expect((await database.raw('select count(*) from employee_search_changes')).rows).toEqual([{ count: 0 }]);
  const { total } = await listEmployees(database, {
    filter: { searchTerm: 'zoe zq', company: undefined },
    order: { by: 'id', descending: false },
    after: undefined,
    offset: 0,
    limit: 10,
  });
  expect(total).toBe(3_032);
});
