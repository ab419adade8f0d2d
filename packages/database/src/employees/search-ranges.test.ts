import { setupDatabase } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { addEmployees, listed } from '../../test/employees.ts';
import { indexAll, indexEmployees } from '../../test/search-index.ts';
import { connect, type Database } from '../connection/connect.ts';
import { migrate, migrationSettings } from '../operations/migrate.ts';
import { listEmployees } from './list-employees.ts';
import { searchByRanges } from './search-ranges.ts';

/** Employees whose ids are 1, 2, 3 and so on. */
async function setupPeople(names: readonly string[]) {
  const { database, databaseUrl } = await setupDatabase();
  const people = names.map((employee_name, index) => ({ employee_name, email: `p${index}@x.org` }));
  await addEmployees(database, people);
  return { database, databaseUrl };
}

async function find(database: Database, searchTerm: string): Promise<string[]> {
  const found = await listEmployees(database, {
    filter: { searchTerm, company: undefined },
    order: { by: 'id', descending: false },
    after: undefined,
    offset: 0,
    limit: 10,
  });
  return listed(found).map(({ employee_name }) => employee_name);
}

async function column(database: Database, statement: string): Promise<unknown[]> {
  const { rows } = await database.raw<{ rows: object[] }>(statement);
  return rows.flatMap((row) => Object.values(row));
}

const CHANGED_IDS = 'select employee_id from employee_search_changes order by 1';
const RANGE_ENDS = 'select last_id from employee_search_ranges order by 1';

/** A second session, which may stay in the middle of a transaction. */
function setupSession(url: string): Database {
  const session = connect({ url, poolMax: 3, onWarning: () => {} });
  onTestFinished(() => session.destroy());
  return session;
}

test('what changes after a range was built is kept beside it, until it is built again', async () => {
  const { database } = await setupPeople(['Ada', 'Bob', 'Cyd', 'Dan']);
  await indexEmployees(database, { lastId: 3 });

  await database.raw(`update employees set employee_name = 'Zoe' where id in (1, 4)`);
  await database.raw(`update employees set company_name = 'Other' where id = 3`);
  await database.raw('delete from employees where id = 2');

  expect(await column(database, CHANGED_IDS)).toEqual([1, 2]);
  expect(await find(database, 'zoe')).toEqual(['Zoe', 'Zoe']);
  for (const gone of ['ada', 'bob', 'dan']) expect(await find(database, gone)).toEqual([]);

  await indexAll(database);
  expect(await column(database, CHANGED_IDS)).toEqual([]);
  expect(await column(database, RANGE_ENDS)).toEqual([4]);
  expect(await find(database, 'zoe')).toEqual(['Zoe', 'Zoe']);
  expect(await find(database, 'bob')).toEqual([]);
});

test('an employee whose id somebody has chosen is found, whether or not a range has that id already', async () => {
  const { database } = await setupPeople(['Ada', 'Bob']);
  await database.raw('delete from employees where id = 1');
  await indexAll(database);
  await database.raw(
    `insert into employees (id, employee_name, company_name, email, received_at, upload_id, line)
     overriding system value
     select n, 'Zoe', company_name, n || '@y.org', received_at, upload_id, line
     from employees e, (values (1), (9)) chosen (n) where e.id = 2`,
  );
  expect(await find(database, 'zoe')).toEqual(['Zoe', 'Zoe']);
  expect(await column(database, CHANGED_IDS)).toEqual([1]);
});

test('a range waits for whoever is writing employees when it is begun, and has what they write', async () => {
  const { database, databaseUrl } = await setupPeople(['Ada']);
  const session = setupSession(databaseUrl);
  const writer = await session.transaction();
  await addEmployees(writer, [{ employee_name: 'Bob', email: 'bob@x.org' }]);
  await addEmployees(database, [{ employee_name: 'Cyd', email: 'cyd@x.org' }]);

  const building = indexEmployees(database, { lastId: 3 });
  await waitUntilReserved(session, 3);
  await writer.commit();

  expect(await building).toBe(true);
  expect(await find(database, 'bob')).toEqual(['Bob']);
  expect(await column(database, 'select employees from employee_search_ranges')).toEqual([3]);
});

test('who begins to write while a range is being built is found as well', async () => {
  const { database, databaseUrl } = await setupPeople(['Ada', 'Bob', 'Cyd']);
  const session = setupSession(databaseUrl);
  const before = await session.transaction();
  await before.raw(`update employees set employee_name = 'Zoe One' where id = 1`);
  const building = indexEmployees(database, { lastId: 3 });
  await waitUntilReserved(session, 3);
  // Its snapshot is older than anything that the range's builder commits.
  const during = await session.transaction(undefined, { isolationLevel: 'repeatable read' });
  await during.raw(`update employees set employee_name = 'Zoe Two' where id = 2`);
  await before.commit();

  expect(await building).toBe(true);
  expect(await find(database, 'zoe')).toEqual(['Zoe One']);
  await during.commit();
  expect(await find(database, 'zoe')).toEqual(['Zoe One', 'Zoe Two']);
});

/** Set outside of transactions, so it is seen while the range is being built. */
async function waitUntilReserved(session: Database, id: number): Promise<void> {
  await expect
    .poll(() => column(session, 'select last_value from employee_search_reserved'), { timeout: 10_000 })
    .toEqual([id]);
}

test('a transaction that writes and does not end leaves the index as it is', async () => {
  const { database, databaseUrl } = await setupPeople(['Ada', 'Bob']);
  const writer = await setupSession(databaseUrl).transaction();
  onTestFinished(async () => {
    await writer.rollback();
  });
  await writer.raw(`update employees set employee_name = 'Zoe' where id = 1`);

  expect(await indexEmployees(database, { lastId: 2 })).toBe(false);
  expect(await column(database, RANGE_ENDS)).toEqual([]);
  expect(await find(database, 'ada')).toEqual(['Ada']);
});

test('a search whose range is replaced meanwhile searches again', async () => {
  const { database } = await setupPeople(['Ada', 'Bob']);
  await indexAll(database);
  const searched: (readonly number[])[] = [];
  const counts = await searchByRanges(database, async ({ tableNumbers }) => {
    searched.push(tableNumbers);
    if (searched.length === 1) await indexAll(database);
    return column(database, `select count(*) from employee_search_${tableNumbers[0]}`);
  });
  expect(counts).toEqual([2]);
  expect(searched).toEqual([[1], [2]]);
});

test('a search that goes on holds up whoever would replace its range, but not for long', async () => {
  const { database, databaseUrl } = await setupPeople(['Ada', 'Bob']);
  await indexAll(database);
  const reader = await setupSession(databaseUrl).transaction();
  onTestFinished(async () => {
    await reader.rollback();
  });
  await reader.raw('select from employee_search_1');
  await expect(indexAll(database)).rejects.toMatchObject({ code: '55P03' });
  expect(await find(database, 'ada')).toEqual(['Ada']);
});

test('no range can leave out ids between two', async () => {
  const { database } = await setupPeople(['Ada', 'Bob', 'Cyd', 'Dan']);
  await indexEmployees(database, { lastId: 2 });
  await indexEmployees(database, { afterId: 2, lastId: 4 });
  for (const range of [{ afterId: 3, lastId: 5 }, { lastId: 3 }, { afterId: 2, lastId: 1 }, { afterId: 4, lastId: 4 }])
    await expect(indexEmployees(database, range)).rejects.toThrow(/no range of the search index can/);
  expect(await column(database, RANGE_ENDS)).toEqual([2, 4]);
});

test('no id is reserved that nobody has, and nothing is indexed from an old snapshot', async () => {
  const { database } = await setupPeople(['Ada']);
  expect(await indexEmployees(database, { lastId: 2 })).toBe(false);
  expect(await column(database, 'select last_value from employee_search_reserved')).toEqual([0]);
  const old = await database.transaction(undefined, { isolationLevel: 'repeatable read' });
  await expect(indexAll(old)).rejects.toThrow(/read committed/);
  await old.rollback();
});

test('employees of the version before are in ranges after the migrations, and its index is gone', async () => {
  const { database } = await setupDatabase();
  const indexes = `select indexrelid::regclass::text from pg_index where indrelid = 'employees'::regclass
    and indexrelid::regclass::text = 'employees_search' and indisvalid`;
  await database.migrate.down({ ...migrationSettings, name: '20261128002210_index_employees_in_ranges.ts' });
  await database.migrate.down({ ...migrationSettings, name: '20261128002200_create_search_ranges.ts' });
  expect(await column(database, indexes)).toEqual(['employees_search']);
  await addEmployees(database, [{ employee_name: 'Ada' }, { employee_name: 'Bob' }]);

  await migrate(database);
  expect(await column(database, indexes)).toEqual([]);
  expect(await column(database, 'select employees from employee_search_ranges')).toEqual([2]);
  expect(await find(database, 'bob')).toEqual(['Bob']);
});

test('an emptied table has an empty index, and one that is not emptied after all keeps it', async () => {
  const { database } = await setupPeople(['Ada', 'Bob']);
  await indexAll(database);
  const emptied = await database.transaction();
  await emptied.raw('truncate employees restart identity');
  await emptied.rollback();
  await database.raw(`update employees set employee_name = 'Zoe' where id = 1`);
  expect(await find(database, 'zoe')).toEqual(['Zoe']);

  await database.raw('truncate employees restart identity');
  expect(await column(database, `select relname from pg_class where relname ~ '^employee_search_\\d+$'`)).toEqual([]);
  await addEmployees(database, [{ employee_name: 'Eve', email: 'eve@x.org' }]);
  expect(await find(database, 'eve')).toEqual(['Eve']);
  expect(await column(database, CHANGED_IDS)).toEqual([]);
});

test('a role that may read and write employees keeps the index up and searches by it, and others see none of it', async () => {
  const { database, databaseUrl } = await setupPeople(['Ada', 'Bob']);
  const [writer, stranger] = [`writer_${Date.now()}`, `stranger_${Date.now()}`];
  for (const role of [writer, stranger]) {
    await database.raw(`create role ${role} login password 'secret'`);
    onTestFinished(async () => {
      await database.raw(`drop owned by ${role}`);
      await database.raw(`drop role ${role}`);
    });
  }
  await database.raw(
    `grant select, insert, update, delete on employees, employee_search_ranges, employee_search_changes to ${writer}`,
  );
  const sessionOf = (role: string) =>
    setupSession(Object.assign(new URL(databaseUrl), { username: role, password: 'secret' }).href);

  await indexAll(sessionOf(writer));
  await sessionOf(writer).raw(`update employees set employee_name = 'Zoe' where id = 1`);

  expect(await find(sessionOf(writer), 'zoe')).toEqual(['Zoe']);
  expect(await find(sessionOf(writer), 'bob')).toEqual(['Bob']);
  await expect(sessionOf(stranger).raw('select from employee_search_1')).rejects.toMatchObject({ code: '42501' });
  for (const refused of ['select forget_search_ranges()', 'select index_employees(null, 2)'])
    await expect(sessionOf(stranger).raw(refused)).rejects.toMatchObject({ code: '42501' });
  await expect(
    sessionOf(stranger).raw(
      `create temporary table t (id bigint, search_key text);
       create trigger t after delete on t referencing old table as changed
       for each statement execute function note_search_changes()`,
    ),
  ).rejects.toMatchObject({ code: '42501' });
});
