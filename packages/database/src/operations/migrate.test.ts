import { setupDatabase, setupEmptyDatabase } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { addEmployees } from '../../test/employees.ts';
import { connect, type Database } from '../connection/connect.ts';
import { migrate, migrationSettings, UnknownSchemaError } from './migrate.ts';

function connectTo(url: string): Database {
  const database = connect({ url, poolMax: 3, onWarning: () => {} });
  onTestFinished(() => database.destroy());
  return database;
}

/**
 * Everything that makes up the schema, as the catalogue says it: columns, indexes, constraints, types, views. Columns have
 * their place among those that there are: a dropped column keeps its number for ever.
 */
async function schemaOf(database: Database): Promise<unknown> {
  const { rows } = await database.raw<{ rows: unknown[] }>(`
    select 'column' as kind, c.relname || '.' || a.attname as name,
      concat_ws(' ', row_number() over (partition by c.oid order by a.attnum), format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity, pg_get_expr(d.adbin, d.adrelid), c.reloptions::text) as definition
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'v', 'm', 'p')
    union all
    select 'index', indexname, indexdef from pg_indexes where schemaname = 'public'
    union all
    select 'constraint', conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
    from pg_constraint where connamespace = 'public'::regnamespace
    union all
    select 'enum', t.typname, string_agg(e.enumlabel, ',' order by e.enumsortorder)
    from pg_enum e join pg_type t on t.oid = e.enumtypid group by t.typname
    union all
    select 'view', viewname, definition from pg_views where schemaname = 'public'
    union all
    select 'function', proname, pg_get_functiondef(p.oid)
    from pg_proc p where pronamespace = 'public'::regnamespace
      and not exists (select from pg_depend where objid = p.oid and deptype = 'e')
    union all
    select 'trigger', tgrelid::regclass || '.' || tgname, pg_get_triggerdef(oid) from pg_trigger where not tgisinternal
    union all
    select 'extension', extname, extversion from pg_extension
    order by 1, 2, 3`);
  return rows;
}

async function appliedTo(database: Database): Promise<unknown> {
  const { rows } = await database.raw<{ rows: unknown[] }>(
    'select id, name, batch, migration_time from knex_migrations order by id',
  );
  return rows;
}

test('twenty that migrate at once all succeed, and each migration is applied once', async () => {
  const url = await setupEmptyDatabase();
  const databases = Array.from({ length: 20 }, () => connectTo(url));

  await Promise.all(databases.map(migrate));

  const { database: template } = await setupDatabase();
  const [database] = databases;
  if (database === undefined) throw new Error('no database');
  expect(await schemaOf(database)).toEqual(await schemaOf(template));
  const { rows } = await database.raw<{ rows: { name: string }[] }>('select name from knex_migrations');
  expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length);
});

test('migrating again changes nothing', async () => {
  const { database } = await setupDatabase();
  await database.raw(
    `insert into employees (employee_name, company_name, mobile_no, email, received_at, upload_id, line)
     values ('Jane', 'Acme', '0123456789', 'jane@x.org', now(), gen_random_uuid(), 2)`,
  );
  const before = [await schemaOf(database), await appliedTo(database)];

  await migrate(database);

  expect([await schemaOf(database), await appliedTo(database)]).toEqual(before);
  expect((await database.raw('select email from employees')).rows).toEqual([{ email: 'jane@x.org' }]);
});

test('down leaves nothing behind, and up again makes the same schema', async () => {
  const { database } = await setupDatabase();
  const before = await schemaOf(database);
  expect(before).toContainEqual({
    kind: 'column',
    name: 'employees.email',
    definition: expect.stringContaining('text'),
  });

  await database.migrate.rollback(migrationSettings, true);
  const { rows: left } = await database.raw<{ rows: { name: string }[] }>(
    `select relname as name from pg_class where relnamespace = 'public'::regnamespace and relname not like 'knex_migrations%'
     union all
     select typname from pg_type t
     where typnamespace = 'public'::regnamespace and typtype = 'e'`,
  );
  expect(left).toEqual([]);
  await migrate(database);

  expect(await schemaOf(database)).toEqual(before);
});

test('every migration can be taken back on its own and applied again', async () => {
  const { database } = await setupDatabase();
  const before = await schemaOf(database);
  const { rows } = await database.raw<{ rows: unknown[] }>('select from knex_migrations');

  for (let count = 1; count <= rows.length; count++) {
    for (let step = 0; step < count; step++) await database.migrate.down(migrationSettings);
    await migrate(database);
    expect(await schemaOf(database)).toEqual(before);
  }
});

test('a search key has only ASCII letters and digits, small ones for letters', async () => {
  const { database } = await setupDatabase();
  await addEmployees(database, [{ employee_name: 'Zoë Gomez-7', email: 'zoe_7@x.org' }]);

  // ë is the bytes C3 and AB, in octal 303 and 253.
  expect((await database.raw('select search_key from employees')).rows).toEqual([
    { search_key: ['zo', '6AD', '7FD', '0gomez', '3S', '4', 'zoe', '5J', 'S', '2x', '1org'].join('') },
  ]);
});

/** A database as a development version before 0.1.0 left it, as far as this test needs one. */
async function setupPrereleaseDatabase(): Promise<Database> {
  const database = connectTo(await setupEmptyDatabase());
  await database.raw(`
    create table knex_migrations (id serial primary key, name varchar(255), batch integer, migration_time timestamptz);
    create table knex_migrations_lock (index serial primary key, is_locked integer);
    insert into knex_migrations_lock (is_locked) values (1);
    insert into knex_migrations (name, batch, migration_time)
      select name, 1, '2026-11-22T00:00:00Z' from unnest(array[
        '20261122000000_create_schema.ts', '20261122010000_create_api_keys.ts', '20261122020000_create_idempotency_keys.ts',
        '20261122030000_create_handed_over_uploads.ts'
      ]) as m (name);
    create table handed_over_uploads (upload_id uuid primary key, handed_over_at timestamptz not null default now());
    create table employees (id bigint generated always as identity primary key, email text not null unique);
    insert into employees (email) values ('jane@x.org')`);
  return database;
}

test('a database of a version before 0.1.0 is refused in one line that says what to do, and is left as it is', async () => {
  const database = await setupPrereleaseDatabase();
  const before = [await schemaOf(database), await appliedTo(database)];

  const error = await migrate(database).catch((error: unknown) => error);

  expect(error).toBeInstanceOf(UnknownSchemaError);
  expect(String(error)).toMatch(/before 0\.1\.0.*left as it is.*empty database.*DATABASE_URL.*DATA_DIR/);
  expect(String(error)).not.toContain('\n');
  expect([await schemaOf(database), await appliedTo(database)]).toEqual(before);
  expect((await database.raw('select email from employees')).rows).toEqual([{ email: 'jane@x.org' }]);
  expect((await database.raw('select is_locked from knex_migrations_lock')).rows).toEqual([{ is_locked: 1 }]);
});

test('a database of a newer version is refused, and is left as it is', async () => {
  const { database } = await setupDatabase();
  await database.raw(
    `insert into knex_migrations (name, batch, migration_time) values ('20991231000000_add_department.ts', 2, now())`,
  );
  const before = [await schemaOf(database), await appliedTo(database)];

  await expect(migrate(database)).rejects.toThrow(/newer version of Rowferry/);

  expect([await schemaOf(database), await appliedTo(database)]).toEqual(before);
});

test('a migration that was killed half-way, and left knex’s lock, does not hold up the next', async () => {
  const url = await setupEmptyDatabase();
  const database = connectTo(url);
  await migrate(database);
  await database.raw('update knex_migrations_lock set is_locked = 1');

  await migrate(database);

  expect((await database.raw('select is_locked from knex_migrations_lock')).rows).toEqual([{ is_locked: 0 }]);
});

test('where the database is unavailable, migrating says so and leaves nothing locked', async () => {
  const database = connectTo('postgres://nobody@127.0.0.1:1/nowhere');
  await expect(migrate(database)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});
