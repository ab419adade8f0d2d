import { setTimeout as delay } from 'node:timers/promises';
import { connect, tidySearchIndex } from '@rowferry/database';
import pg from 'pg';
import { say } from './results.ts';

const POLL_MS = 100;
const VACUUM_BOUND_MS = 60_000;
const LOCK_BOUND_MS = 60_000;
/** SQLSTATE of a lock_timeout. */
const LOCK_NOT_AVAILABLE = '55P03';

/** What a table of employees holds: how many rows, and a sum over their contents that does not depend on their order. */
export type Fingerprint = { rows: number; sum: string };

export async function openDatabase(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'rowferry-bench' });
  await client.connect();
  return client;
}

export async function fingerprint(client: pg.Client, table: string): Promise<Fingerprint> {
  const { rows } = await client.query<{ rows: string; sum: string | null }>(
    `select count(*) as rows, sum(hashtextextended(concat_ws('|', employee_name, company_name, mobile_no, email, line), 0)::numeric) as sum
     from ${table}`,
  );
  return { rows: Number(rows[0]?.rows), sum: rows[0]?.sum ?? '0' };
}

/** Rows that the ledger has of an upload as inserted. */
export async function countInserted(client: pg.Client, uploadId: string): Promise<number> {
  const { rows } = await client.query<{ rows: string }>(
    `select count(*) as rows from upload_rows where upload_id = $1 and outcome = 'inserted'`,
    [uploadId],
  );
  return Number(rows[0]?.rows);
}

/** Marks what is complete, as the API's maintenance does every minute. */
export async function markCompleted(client: pg.Client): Promise<void> {
  await client.query(
    `update uploads set marked_completed_at = now()
     where marked_completed_at is null and id in (select id from upload_status where status like 'completed%')`,
  );
}

/**
 * Tidies the search index, as the API's maintenance does once nobody has been added for a minute. The newest employee is made
 * older for that.
 */
export async function tidySearch(client: pg.Client, databaseUrl: string): Promise<void> {
  await client.query(
    `update employees set created_at = now() - interval '2 minutes' where id = (select max(id) from employees)`,
  );
  const database = connect({ url: databaseUrl, poolMax: 1, onWarning: say });
  const deadline = performance.now() + TIDY_BOUND_MS;
  try {
    // The worker's last range may still be being built: then nobody else builds one.
    for (;;) {
      await tidySearchIndex(database);
      if ((await countUnindexed(client)) < TIDY_REST || performance.now() > deadline) return;
      await delay(POLL_MS);
    }
  } finally {
    await database.destroy();
  }
}

/** Fewer employees are left to be searched one by one (packages/database/src/employees/next-range.ts). */
const TIDY_REST = 4_096;
const TIDY_BOUND_MS = 60_000;

async function countUnindexed(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ rest: string }>(
    'select count(*) as rest from employees where id > coalesce((select max(last_id) from employee_search_ranges), 0)',
  );
  return Number(rows[0]?.rest);
}

/** Bytes of write-ahead log since the database was made. */
export async function walBytes(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ bytes: string }>(`select pg_current_wal_lsn() - '0/0'::pg_lsn as bytes`);
  return Number(rows[0]?.bytes);
}

/**
 * Empties the tables and lets Postgres finish what it still does about what was in them, so that each measurement begins
 * the same. The uploads themselves stay: the bucket still has their files.
 */
export async function beginEmpty(client: pg.Client): Promise<void> {
  await truncate(client);
  await rest(client);
}

/** The same where employees stay: as they are some time after an import. */
export async function beginTidied(client: pg.Client, databaseUrl: string): Promise<void> {
  await tidySearch(client, databaseUrl);
  await client.query('vacuum analyze');
  await rest(client);
}

/**
 * The API's maintenance may hold a table and wait for another that is locked here: gives way before Postgres sees a deadlock
 * (deadlock_timeout, 1 s by default), which would end one of both.
 */
async function truncate(client: pg.Client): Promise<void> {
  await client.query(`set lock_timeout = '500ms'`);
  const deadline = performance.now() + LOCK_BOUND_MS;
  for (;;) {
    try {
      await client.query('truncate employees, upload_rows, upload_counts, upload_segments');
      await client.query('reset lock_timeout');
      return;
    } catch (error) {
      const isLocked = error instanceof pg.DatabaseError && error.code === LOCK_NOT_AVAILABLE;
      if (!isLocked || performance.now() > deadline) throw error;
      await delay(POLL_MS);
    }
  }
}

async function rest(client: pg.Client): Promise<void> {
  await client.query('checkpoint');
  const deadline = performance.now() + VACUUM_BOUND_MS;
  while ((await runningVacuums(client)) > 0 && performance.now() < deadline) await delay(POLL_MS);
}

async function runningVacuums(client: pg.Client): Promise<number> {
  const { rows } = await client.query<{ running: string }>(
    `select count(*) as running from pg_stat_activity where backend_type = 'autovacuum worker'`,
  );
  return Number(rows[0]?.running);
}
