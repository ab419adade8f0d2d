import { setupDatabase, setupTransactionPooler } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { addEmployees, listed } from '../../test/employees.ts';
import { connect, type Database } from '../connection/connect.ts';
import { EMPLOYEE_SORTS } from './employee-order.ts';
import { FIND_PAGE_OF_ALL, type PageShape, pageBindings } from './employee-page.ts';
import { listEmployees } from './list-employees.ts';

const MANY = 1_000;

/** With `MANY` employees, whose ids are 1 to `MANY`. */
async function setupMany(): Promise<{ database: Database; databaseUrl: string }> {
  const { database, databaseUrl } = await setupDatabase();
  await addEmployees(
    database,
    Array.from({ length: MANY }, (_, index) => ({ employee_name: `Ada ${index}` })),
  );
  return { database, databaseUrl };
}

/** One connection, so that every statement is of the same session. */
function connectOnce(url: string): Database {
  const database = connect({ url, poolMax: 1, onWarning: () => {} });
  onTestFinished(() => database.destroy());
  return database;
}

async function listPages(database: Database, pages: number): Promise<number[]> {
  const ids: number[] = [];
  for (let page = 0; page < pages; page++) {
    ids.push(...listed(await listEmployees(database, { ...ALL, offset: page * ALL.limit })).map(({ id }) => id));
  }
  return ids;
}

const ALL = {
  filter: { searchTerm: undefined, company: undefined },
  order: { by: 'id', descending: false },
  after: undefined,
  offset: 0,
  limit: 10,
} as const;

async function prepared(database: Database): Promise<{ generic_plans: number; custom_plans: number }[]> {
  const { rows } = await database.raw('select generic_plans, custom_plans from pg_prepared_statements');
  return rows;
}

test('pages of a thousand employees are one prepared statement, which is soon planned for good', async () => {
  const { databaseUrl } = await setupMany();
  const database = connectOnce(databaseUrl);

  expect(await listPages(database, 21)).toEqual(Array.from({ length: 210 }, (_, index) => index + 1));

  // The first page told how many employees there are.
  expect(await prepared(database)).toEqual([{ custom_plans: 5, generic_plans: 15 }]);
});

test('pages of fewer employees are planned each time: the plan would not fit when there are more', async () => {
  const { database: direct, databaseUrl } = await setupMany();
  await direct.raw('delete from employees where id = 1000');
  const database = connectOnce(databaseUrl);

  await listPages(database, 3);

  expect(await prepared(database)).toEqual([]);
});

test('a pooler that gives each transaction another session loses prepared statements, and no page', async () => {
  const { databaseUrl } = await setupMany();
  const database = connectOnce(await setupTransactionPooler(databaseUrl));

  expect(await listPages(database, 12)).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
});

test('a page outlives that a migration changes the type of a column', async () => {
  const { database: direct, databaseUrl } = await setupMany();
  const database = connectOnce(databaseUrl);
  await listPages(database, 2);
  await direct.raw('alter table employees alter mobile_no type varchar(40)');

  expect(await listPages(database, 2)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
});

test('the plan for any page reads the indexes, with Postgres’s own costs and just enough employees', async () => {
  const { databaseUrl } = await setupMany();
  const database = connectOnce(databaseUrl);
  await database.raw('vacuum analyze employees');
  await database.raw(`set plan_cache_mode = force_generic_plan; set random_page_cost = 4`);
  const shapes: PageShape[] = EMPLOYEE_SORTS.flatMap((by) =>
    [false, true].flatMap((descending) =>
      (['offset', 'position'] as const).flatMap((start) =>
        [2, 101].map((rows) => ({ order: { by, descending }, start, rows })),
      ),
    ),
  );
  for (const shape of [...shapes, { order: ALL.order, start: 'block', rows: 101 } as const]) {
    const value = shape.order.by === 'id' || shape.order.by === 'created_at' ? 1 : 'Ada';
    const bindings = pageBindings({ ...ALL, after: { value, id: 1 } });
    const { sql, bindings: values } = database.raw(FIND_PAGE_OF_ALL(shape).text, bindings).toSQL().toNative();
    const literals = values.map((one) => `'${one}'`).join(', ');
    await database.raw('deallocate all');
    await database.raw(`prepare page as ${sql}`);
    const { rows } = await database.raw(`explain execute page (${literals})`);
    const plan = rows.map((row: Record<string, string>) => row['QUERY PLAN']).join('\n');
    expect(plan, `${JSON.stringify(shape)}\n${plan}`).not.toMatch(/Seq Scan on employees\b/);
  }
});
