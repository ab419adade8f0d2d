import type { Database } from '@rowferry/database';
import { expect } from 'vitest';

/** How many statements of this database wait for a lock. */
export async function statementsThatWait(database: Database): Promise<number> {
  const { rows } = await database.raw<{ rows: { n: number }[] }>(
    `select count(*) as n from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return rows[0]?.n ?? 0;
}

/** Until a statement of another connection waits for a lock. */
export async function untilOneWaits(database: Database): Promise<void> {
  await expect.poll(() => statementsThatWait(database), { timeout: 10_000 }).toBe(1);
}
