import type { Fixtures } from '@rowferry/testing';
import pg from 'pg';
import { onTestFinished } from 'vitest';

/** Nobody writes an employee until the returned function was called. */
export async function blockWrites({ databaseUrl }: Fixtures): Promise<() => Promise<void>> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  onTestFinished(() => client.end());
  await client.query('begin; lock table employees in exclusive mode');
  return async () => {
    await client.query('commit');
  };
}

/** How many statements wait for a lock, as those of a batch do while writes are blocked. */
export async function statementsThatWait({ database }: Fixtures): Promise<number> {
  const { rows } = await database.raw<{ rows: { n: number }[] }>(
    `select count(*) as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows[0]?.n ?? 0;
}
