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
