import type pg from 'pg';
import { type Fingerprint, fingerprint, openDatabase } from '../tables.ts';

export type Filled = { seconds: number; content: Fingerprint };

/** What a rival fills. */
export const RIVAL_TABLE = 'bench_employees';
const SEARCH_INDEX = 'bench_employees_search';

/**
 * Measures what fills an empty table, and drops it. The table is what a user would make who wants the same lists and the
 * same search: the columns, keys and sort indexes of `employees`, and an ordinary trigram index, however `employees` keeps
 * its own.
 */
export async function withRivalTable(databaseUrl: string, fill: (client: pg.Client) => Promise<void>): Promise<Filled> {
  const client = await openDatabase(databaseUrl);
  try {
    await client.query(`drop table if exists ${RIVAL_TABLE}`);
    await client.query(`create table ${RIVAL_TABLE} (like employees including all)`);
    for (const { name } of await ginIndexes(client)) await client.query(`drop index ${name}`);
    await createSearchIndex(client);
    const start = performance.now();
    await fill(client);
    const seconds = (performance.now() - start) / 1000;
    return { seconds, content: await fingerprint(client, RIVAL_TABLE) };
  } finally {
    await client.query(`drop table if exists ${RIVAL_TABLE}`);
    await client.end();
  }
}

export async function createSearchIndex(client: pg.Client): Promise<void> {
  await client.query(`create index ${SEARCH_INDEX} on ${RIVAL_TABLE} using gin (search_key gin_trgm_ops)`);
}

export async function dropSearchIndex(client: pg.Client): Promise<void> {
  await client.query(`drop index ${SEARCH_INDEX}`);
}

/** Whatever the table has inherited for the search of `employees`. */
async function ginIndexes(client: pg.Client): Promise<{ name: string }[]> {
  const { rows } = await client.query<{ name: string }>(
    `select i.indexrelid::regclass::text as name
     from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam
     where i.indrelid = $1::regclass and a.amname = 'gin'`,
    [RIVAL_TABLE],
  );
  return rows;
}
