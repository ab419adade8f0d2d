import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setupDatabase, setupEmptyDatabase } from '@rowferry/testing';
import pg from 'pg';
import { expect, onTestFinished, test } from 'vitest';
import { usersEnvironment } from './support/users-environment.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Runs knex's own command as a person would. */
function knex(args: readonly string[], env: Record<string, string>) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const options = { cwd: ROOT, env: { ...usersEnvironment(), NO_COLOR: '1', ...env } };
    execFile('npx', ['knex', ...args], options, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

async function setupEmployee() {
  const { database, databaseUrl } = await setupDatabase();
  await database.raw(
    `insert into employees (employee_name, company_name, mobile_no, email, received_at, upload_id, line)
     values ('Jane', 'Acme', '0123456789', 'jane@x.org', now(), gen_random_uuid(), 2)`,
  );
  const emails = async () => (await database.raw<{ rows: unknown[] }>('select email from employees')).rows;
  const migrations = async () =>
    (await database.raw<{ rows: unknown[] }>('select name from knex_migrations order by id')).rows;
  return { DATABASE_URL: databaseUrl, database, emails, migrations };
}

test.for([['migrate:rollback'], ['migrate:rollback', '--all'], ['migrate:down']])(
  'knex %j where there are rows is one line that says what allows it, and changes nothing',
  async (args) => {
    const { DATABASE_URL, emails, migrations } = await setupEmployee();
    const before = await migrations();

    const { code, stderr } = await knex(args, { DATABASE_URL });

    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^A rollback would drop tables that have rows \(.*\bemployees\b.*\); nothing was changed\..*\n$/,
    );
    expect(stderr).toContain('ROWFERRY_ALLOW_ROLLBACK=1');
    expect(await emails()).toEqual([{ email: 'jane@x.org' }]);
    expect(await migrations()).toEqual(before);
  },
);

test('knex migrate:rollback drops the rows where ROWFERRY_ALLOW_ROLLBACK=1 says so, and migrate:latest makes the tables again', async () => {
  const { DATABASE_URL, database, emails } = await setupEmployee();

  expect(await knex(['migrate:rollback'], { DATABASE_URL, ROWFERRY_ALLOW_ROLLBACK: '1' })).toMatchObject({
    code: 0,
    stderr: '',
  });
  expect(await database.schema.hasTable('employees')).toBe(false);
  expect(await knex(['migrate:latest'], { DATABASE_URL })).toMatchObject({ code: 0, stderr: '' });
  expect(await emails()).toEqual([]);
});

test('knex migrate:rollback needs no permission where all tables are empty', async () => {
  const { databaseUrl, database } = await setupDatabase();

  expect(await knex(['migrate:rollback'], { DATABASE_URL: databaseUrl })).toMatchObject({ code: 0, stderr: '' });
  expect(await database.schema.hasTable('employees')).toBe(false);
});

test.for(['migrate:latest', 'migrate:status', 'migrate:rollback'])(
  'knex %s on a database of a version before 0.1.0 is one line that says what to do',
  async (command) => {
    const DATABASE_URL = await setupEmptyDatabase();
    const client = new pg.Client({ connectionString: DATABASE_URL });
    await client.connect();
    onTestFinished(() => client.end());
    await client.query(
      'create table knex_migrations (id serial primary key, name text, batch int, migration_time timestamptz)',
    );
    await client.query("insert into knex_migrations (name) values ('20261122000000_create_schema.ts')");

    const { code, stderr } = await knex([command], { DATABASE_URL });

    expect(code).toBe(1);
    expect(stderr).toMatch(
      /^This database was made by a version of Rowferry before 0\.1\.0 .* use an empty database.*\n$/,
    );
  },
);

test('knex migrate:status with nothing running is one line that names DATABASE_URL and npm start', async () => {
  const DATA_DIR = await mkdtemp(join(tmpdir(), 'rowferry-knex-'));
  onTestFinished(() => rm(DATA_DIR, { recursive: true }));

  const { code, stderr } = await knex(['migrate:status'], { DATA_DIR });

  expect(code).toBe(1);
  expect(stderr).toMatch(/^.*DATABASE_URL.*\n$/);
  expect(stderr).toContain('npm start');
});

test('knex migrate:status names a database that cannot be reached in one line, without its password', async () => {
  const DATABASE_URL = 'postgres://me:secret@127.0.0.1:1/staff';

  const { code, stderr } = await knex(['migrate:status'], { DATABASE_URL });

  expect(code).toBe(1);
  expect(stderr).toMatch(/^Postgres at 127\.0\.0\.1:1\/staff cannot be reached .*npm start.*DATABASE_URL\n$/);
});
