import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRefusal, isHashOf, listApiKeys } from '@rowferry/database';
import { readEnvironment } from '@rowferry/runtime';
import { recordLog, setup, setupDatabase } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { createKeysHandler } from '../apps/migration-lambda/src/keys-handler.ts';
import { createMigrateHandler } from '../apps/migration-lambda/src/migrate-handler.ts';
import { createStartHandler } from '../apps/migration-lambda/src/start-handler.ts';
import { queueEvent } from './support/aws-events.ts';
import { bundledFunctions } from './support/bundled-functions.ts';
import { deliverRow } from './support/deliver-row.ts';
import { startContainer } from './support/lambda-container.ts';
import { environmentOf } from './support/plain-process.ts';
import { startPreviousConsumer } from './support/previous-consumer.ts';
import { CA_FILE, setupTlsPostgres } from './support/tls-postgres.ts';

const directoryOf = bundledFunctions('migration');

const SECRET = JSON.stringify({ username: 'owner', password: 'p:w/1' });

/** A server with the owner that RDS makes, and its role for tokens. */
async function setupOwner() {
  const server = await setupTlsPostgres();
  await server.admin.raw(`create role rds_iam`);
  await server.admin.raw(`create role owner login createrole password 'p:w/1'`);
  await server.admin.raw(`grant rds_iam to owner with admin option`);
  await server.admin.raw(`alter database ${server.database} owner to owner`);
  const env = {
    DATABASE_HOST: 'localhost',
    DATABASE_PORT: String(server.port),
    DATABASE_NAME: server.database,
    DATABASE_USER: 'rowferry_app',
    DATABASE_CA_FILE: CA_FILE,
  };
  const { DATABASE_URL: url } = readEnvironment(['DATABASE_URL'], [], env);
  const log = recordLog();
  const saved: string[] = [];
  const migrate = createMigrateHandler({ url, logger: log.logger });
  const start = createStartHandler({
    readOwnerSecret: async () => SECRET,
    callMigrate: async (payload) => JSON.stringify(await migrate(JSON.parse(payload))),
    saveFirstKey: async (key) => void saved.push(key),
    logger: log.logger,
  });
  return { ...server, env, url, start, migrate, saved, log };
}

test('a deployment makes the schema, the application’s user and the first key; the next one finds them', async () => {
  const { admin, url, start, saved, log } = await setupOwner();

  await start();
  await start();

  const [first, ...others] = await listApiKeys(admin);
  expect(others).toEqual([]);
  expect(saved).toHaveLength(1);
  expect(isHashOf(first?.hash ?? Buffer.alloc(32), saved[0] ?? '')).toBe(true);
  expect(first?.scopes).toEqual(['read', 'upload', 'operate']);
  expect(JSON.stringify(log.entries)).not.toContain(saved[0]);
  expect(JSON.stringify(log.entries)).not.toContain('p:w/1');

  // What IAM would vouch for.
  await admin.raw(`alter role rowferry_app password 'token'`);
  expect(await findRefusal(url, async () => 'token')).toBeUndefined();
  const { rows } = await admin.raw(`
    select has_table_privilege('rowferry_app', 'employees', 'select, insert, update, delete') as writes,
      has_schema_privilege('rowferry_app', 'public', 'create') as creates,
      pg_has_role('rowferry_app', 'rds_iam', 'member') as tokens,
      (select bool_and(has_table_privilege('rowferry_app', oid, 'insert')) from pg_class
        where relkind = 'r' and relnamespace = 'public'::regnamespace) as all_tables,
      (select rolsuper or rolcreaterole from pg_roles where rolname = 'rowferry_app') as powers`);
  expect(rows).toEqual([{ writes: true, creates: false, tokens: true, all_tables: true, powers: false }]);
});

test('a version that is rolled back to leaves the newer schema as it is', async () => {
  const { admin, start, log } = await setupOwner();
  await start();
  await admin.raw(
    `insert into knex_migrations (name, batch, migration_time) values ('29990101000000_later.ts', 2, now())`,
  );

  await start();

  expect(log.entries.map(({ msg }) => msg)).toContain('the schema is of a newer version, and stays as it is');
  const { rows } = await admin.raw(`select count(*) as later from knex_migrations where name like '2999%'`);
  expect(rows).toEqual([{ later: 1 }]);
});

test('a deployment whose migration fails says why, and leaves the schema as it was', async () => {
  const { admin, start, saved } = await setupOwner();
  await admin.raw(`alter role owner password 'rotated'`);

  await expect(start()).rejects.toThrow(/refuses the password of user owner/);

  const { rows } = await admin.raw(`select count(*) as tables from pg_tables where schemaname = 'public'`);
  expect(rows).toEqual([{ tables: 0 }]);
  expect(saved).toEqual([]);
});

/** What a later version may add to the schema, and a mistake of it. */
const LATER = {
  '29990101000000_add.ts': `export const up = (knex) => knex.raw('alter table employees add column badge text');`,
  '29990102000000_fail.ts': `export const up = (knex) => knex.raw('alter table employees add column badge text');`,
};

/** The deployed migrations and those of a later version, which fail. */
async function setupLaterMigrations(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'rowferry-later-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  await cp(directoryOf('migration'), directory, { recursive: true });
  for (const [name, code] of Object.entries(LATER))
    await writeFile(join(directory, 'migrations', name), `${code}\nexport const down = async () => {};\n`);
  return directory;
}

test('a deployment whose last migration fails leaves the schema as it was, and the code that runs goes on', async () => {
  const { admin, env } = await setupOwner();
  const fixtures = { ...(await setup()), database: admin };
  const variables = { ...environmentOf(fixtures), ...env, DATABASE_URL: '' };
  const owner = JSON.parse(SECRET);
  const schema = async () => {
    const columns = `select table_name, column_name, data_type from information_schema.columns
      where table_schema = 'public' order by 1, 2`;
    return [(await admin.raw(columns)).rows, (await admin.raw('select name from knex_migrations order by id')).rows];
  };
  const deployed = await startContainer(directoryOf('migration'), variables);
  const later = await startContainer(await setupLaterMigrations(), variables);
  expect(await deployed.invoke('migrate', owner)).toEqual({ key: expect.stringMatching(/^rf_/) });
  const before = await schema();

  await expect(later.invoke('migrate', owner)).rejects.toThrow(/column "badge" of relation "employees" already exists/);

  expect(await schema()).toEqual(before);
  await admin.raw(`alter role rowferry_app password 'token'`);
  const consumer = await startPreviousConsumer({ ...variables, DATABASE_PASSWORD: 'token' });
  expect(await consumer.invoke('handler', queueEvent(await deliverRow(fixtures)))).toEqual({ batchItemFailures: [] });
  expect((await admin.raw('select email from employees')).rows).toEqual([{ email: 'ada@x.org' }]);
  // CloudFormation goes back to the functions that were there, and calls their migration once more.
  expect(await deployed.invoke('migrate', owner)).toEqual({ key: null });
});

test('an operator makes, lists and revokes API keys; a key is in one answer only', async () => {
  const { database } = await setupDatabase();
  const keys = createKeysHandler(database);

  const made = Object(await keys({ create: { name: 'payroll', scopes: ['read'] } }));

  const [stored] = await listApiKeys(database);
  expect(isHashOf(stored?.hash ?? Buffer.alloc(32), made.key)).toBe(true);
  const listed = await keys({ list: true });
  expect(listed).toMatchObject({ keys: [{ id: made.id, name: 'payroll', scopes: ['read'], revoked_at: null }] });
  expect(JSON.stringify(listed)).not.toMatch(/hash|rf_/);
  expect(await keys({ revoke: made.id })).toEqual({ revoked: true });
  expect(await keys({ revoke: 'nobody' })).toEqual({ revoked: false });
  await expect(keys({ create: { name: 'x', scopes: ['root'] } })).rejects.toThrow();
  await expect(keys({})).rejects.toThrow();
});
