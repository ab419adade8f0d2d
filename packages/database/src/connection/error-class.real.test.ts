/** What real drivers and servers throw must be in the tables of error-class.ts too. */
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { setupDatabase, setupProxy } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { connect, type Database } from './connect.ts';
import { isDatabaseUnavailable, isDataError, isRefusal, sqlState } from './error-class.ts';

function connectTo(url: string): Database {
  const database = connect({ url, poolMax: 1, onWarning: () => {} });
  onTestFinished(() => database.destroy());
  return database;
}

function failing(database: Database, sql: string): Promise<unknown> {
  return database.raw(sql).then(
    () => undefined,
    (error: unknown) => error,
  );
}

async function expectAway(failed: Promise<unknown>, code: string): Promise<void> {
  const error = await failed;
  expect(sqlState(error)).toBe(code);
  expect([isDatabaseUnavailable(error), isRefusal(error)]).toEqual([true, false]);
}

const EMPLOYEE =
  'insert into employees (employee_name, company_name, mobile_no, email, received_at, upload_id, line) values';
const ID = "now(), '01930000-0000-7000-8000-000000000000'";

test.for([
  ['22P02', "select 'x'::integer"],
  ['22003', 'select 40000::smallint'],
  ['22021', String.raw`select convert_from('\xff', 'UTF8')`],
  ['23502', `${EMPLOYEE} (null, 'a', 'b', 'c', ${ID}, 2)`],
  ['23505', `${EMPLOYEE} ('a', 'b', 'c', 'd', ${ID}, 2), ('a', 'b', 'c', 'd', ${ID}, 3)`],
] as const)('%s is the fault of a value', async ([code, sql]) => {
  const { database } = await setupDatabase();
  const error = await failing(database, sql);
  expect([sqlState(error), isRefusal(error), isDataError(error)]).toEqual([code, true, true]);
});

test.for([
  ['42P01', 'select from nowhere'],
  ['42703', 'select nothing from employees'],
  ['42601', 'select select'],
] as const)('%s stays, and is no fault of a value', async ([code, sql]) => {
  const { database } = await setupDatabase();
  const error = await failing(database, sql);
  expect([sqlState(error), isRefusal(error), isDataError(error)]).toEqual([code, true, false]);
});

test('a role without the right, and a database that does not exist, stay', async () => {
  const { database, databaseUrl } = await setupDatabase();
  const role = await makeRole(database, 'nologin');
  const refused = await failing(database, `set local role ${role}; select from employees`);
  expect([sqlState(refused), isRefusal(refused)]).toEqual(['42501', true]);

  const missing = connectTo(Object.assign(new URL(databaseUrl), { pathname: '/nowhere' }).href);
  const error = await failing(missing, 'select 1');
  expect([sqlState(error), isRefusal(error)]).toEqual(['3D000', true]);
});

test.for([
  ['57014', 'set local statement_timeout = 1; select pg_sleep(5)'],
  ['25006', 'set transaction read only; delete from employees'],
  [
    '53400',
    "set local temp_file_limit = 0; set local work_mem = '64kB'; select * from generate_series(1, 100000) n order by -n",
  ],
] as const)('%s may pass', async ([code, sql]) => {
  const { database } = await setupDatabase();
  await expectAway(failing(database, sql), code);
});

test('a role that has all connections that it may have is unavailable', async () => {
  const { database, databaseUrl } = await setupDatabase();
  const role = await makeRole(database, "login connection limit 0 password 'secret'");
  const url = Object.assign(new URL(databaseUrl), { username: role, password: 'secret' }).href;
  await expectAway(failing(connectTo(url), 'select 1'), '53300');
});

/** Roles belong to all databases of the server. */
async function makeRole(database: Database, options: string): Promise<string> {
  const role = `test_${randomUUID().replaceAll('-', '')}`;
  await database.raw(`create role ${role} ${options}`);
  onTestFinished(async () => {
    await database.raw(`drop role ${role}`);
  });
  return role;
}

test('two transactions that get into each other’s way may pass: lock, deadlock, serialization', async () => {
  const { database } = await setupDatabase();
  await database.raw('create table pair (id integer primary key, n integer); insert into pair values (1, 0), (2, 0)');
  const touch = (transaction: Database, id: number) =>
    failing(transaction, `update pair set n = n + 1 where id = ${id}`);

  const [first, second] = await Promise.all([database.transaction(), database.transaction()]);
  await second.raw("set local lock_timeout = '1ms'");
  await touch(first, 1);
  await expectAway(touch(second, 1), '55P03');
  await second.rollback();

  const third = await database.transaction();
  await third.raw("set local deadlock_timeout = '10ms'");
  await touch(third, 2);
  const crossing = touch(first, 2);
  await expectAway(touch(third, 1), '40P01');
  await third.rollback();
  expect(await crossing).toBeUndefined();

  const fourth = await database.transaction({ isolationLevel: 'repeatable read' });
  await fourth.raw('select from pair');
  await first.commit();
  await expectAway(touch(fourth, 1), '40001');
  await fourth.rollback();
});

test('a server that is gone, before or in the middle of a query, is unavailable', async () => {
  const { database: direct, databaseUrl } = await setupDatabase();
  const proxy = await setupProxy(databaseUrl);
  const database = connectTo(proxy.url);
  const inFlight = failing(database, 'select pg_sleep(30)');
  await expect.poll(() => sleepersOf(direct)).toBe(1);

  await proxy.shut();

  const broken = await inFlight;
  expect(broken).toMatchObject({ message: 'Connection terminated unexpectedly' });
  expect(isDatabaseUnavailable(broken)).toBe(true);
  const refused = await failing(database, 'select 1');
  expect(refused).toMatchObject({ code: 'ECONNREFUSED' });
  expect(isDatabaseUnavailable(refused)).toBe(true);
  await proxy.open();
  expect((await database.raw('select 1 as one')).rows).toEqual([{ one: 1 }]);
});

/** How many sessions of this database are in `pg_sleep`. */
async function sleepersOf(database: Database): Promise<number> {
  const { rows } = await database.raw<{ rows: { n: number }[] }>(
    `select count(*) as n from pg_stat_activity where datname = current_database() and wait_event = 'PgSleep'`,
  );
  return rows[0]?.n ?? 0;
}

test('a server that takes a connection and says nothing, and one whose name is not known, are unavailable', async () => {
  const mute = createServer((socket) => void socket.on('error', () => {}));
  mute.listen(0, '127.0.0.1');
  await once(mute, 'listening');
  onTestFinished(() => void mute.close());
  const { port } = mute.address() as AddressInfo;

  const error = await failing(connectTo(`postgres://me:secret@127.0.0.1:${port}/rowferry`), 'select 1');

  expect(error).toMatchObject({ message: 'timeout expired' });
  expect(isDatabaseUnavailable(error)).toBe(true);
  // ENOTFOUND, or EAI_AGAIN where there is no name server either.
  expect(
    isDatabaseUnavailable(await failing(connectTo('postgres://me:secret@rowferry.invalid/rowferry'), 'select 1')),
  ).toBe(true);
}, 30_000);

test('a session that an administrator ends is unavailable, and the next query has a new one', async () => {
  const { databaseUrl, database: admin } = await setupDatabase();
  const database = connectTo(databaseUrl);
  const { rows } = await database.raw<{ rows: { pid: number }[] }>('select pg_backend_pid() as pid');
  const inFlight = failing(database, 'select pg_sleep(30)');
  await expect.poll(() => database.client.pool.numUsed()).toBe(1);

  await admin.raw('select pg_terminate_backend(?)', [rows[0]?.pid ?? 0]);

  await expectAway(inFlight, '57P01');
  expect((await database.raw('select 1 as one')).rows).toEqual([{ one: 1 }]);
});
