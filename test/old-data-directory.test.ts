import { join } from 'node:path';
import { startPostgres } from '@rowferry/embedded';
import pg from 'pg';
import { expect, test } from 'vitest';
import { newDataDir, runNpmStart } from './support/npm-start.ts';
import { aliveOf } from './support/processes.ts';

const MINUTE = 60_000;

/** What a version before 0.1.0 notes of its migrations, and a table of it that no later version has. */
const OLD_SCHEMA = `
  create table knex_migrations (id serial primary key, name varchar(255), batch integer, migration_time timestamptz);
  insert into knex_migrations (name, batch, migration_time) values ('20261122000000_create_schema.ts', 1, now());
  create table handed_over_uploads (upload_id uuid primary key, handed_over_at timestamptz not null default now());
  insert into handed_over_uploads (upload_id) values ('019a0000-0000-7000-8000-000000000001');`;

async function inDatabase<Result>(dataDir: string, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const postgres = await startPostgres({ dataDir: join(dataDir, 'postgres'), port: 0, database: 'rowferry' });
  const client = new pg.Client({ connectionString: postgres.url });
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
    await postgres.stop();
  }
}

test(
  'npm start says in one line that its data directory was made by a version before 0.1.0, and leaves the data',
  async () => {
    const environment = { DATA_DIR: await newDataDir(), PORT: '0' };
    await inDatabase(environment.DATA_DIR, (client) => client.query(OLD_SCHEMA));

    const run = runNpmStart(environment);

    const { code, output } = await run.exited;
    expect(code).toBe(1);
    const lines = output.split('\n').filter((line) => line.startsWith('rowferry: '));
    expect(lines).toEqual([expect.stringMatching(/made by a version of Rowferry before 0\.1\.0.*DATA_DIR/)]);
    expect(output).not.toMatch(/^ +at /m);
    expect(aliveOf(run.pids())).toEqual([]);
    const tables = await inDatabase(environment.DATA_DIR, async (client) => {
      const { rows } = await client.query<{ relname: string }>(
        `select relname from pg_class where relnamespace = 'public'::regnamespace and relkind = 'r' order by relname`,
      );
      expect((await client.query('select * from handed_over_uploads')).rows).toHaveLength(1);
      return rows.map(({ relname }) => relname);
    });
    expect(tables).toEqual(['handed_over_uploads', 'knex_migrations']);
  },
  3 * MINUTE,
);
