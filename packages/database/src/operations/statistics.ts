import { type OutcomeCounts, zeroCounts } from '@rowferry/roster';
import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { eachOutcome } from '../uploads/upload-counts.ts';
import { IS_OPEN } from '../uploads/upload-expressions.ts';

/** Longest that SQS keeps a message: an older upload has no message in any queue. */
const RETENTION_DAYS = 14;

const PING = statement('select 1');

/** Whether Postgres answers. @throws when it does not. */
export async function pingDatabase(database: Database): Promise<void> {
  await query(database, PING);
}

const COUNT_ROWS = statement(`
  select ${eachOutcome((outcome) => `coalesce(sum(${outcome}), 0)::bigint as ${outcome}`)} from upload_counts`);

/** Rows of all uploads by outcome. */
export async function countRowsByOutcome(database: Database): Promise<OutcomeCounts> {
  const [counts] = await query<OutcomeCounts>(database, COUNT_ROWS);
  return counts ?? zeroCounts();
}

const AGE_OF_OLDEST_OPEN_UPLOAD = statement(`
  select coalesce(extract(epoch from now() - min(greatest(received_at, created_at))), 0)::float8 as age
  from upload_status
  where status in ('received', 'processing', 'stalled') and ${IS_OPEN}
    and greatest(received_at, created_at) > now() - make_interval(days => ?)`);

/**
 * Seconds since the oldest upload that has rows under way was received, or entered, as by a backfill; 0 when none has.
 */
export async function ageOfOldestOpenUpload(database: Database): Promise<number> {
  const [oldest] = await query<{ age: number }>(database, AGE_OF_OLDEST_OPEN_UPLOAD, [RETENTION_DAYS]);
  return oldest?.age ?? 0;
}

export type PoolUsage = { used: number; free: number; waiting: number; max: number };

/** How many connections of the pool are in use, and how many queries wait for one. */
export function poolUsage(database: Database): PoolUsage {
  // knex has its pool (tarn.js) without a type.
  const pool: { numUsed(): number; numFree(): number; numPendingAcquires(): number; max: number } =
    database.client.pool;
  return { used: pool.numUsed(), free: pool.numFree(), waiting: pool.numPendingAcquires(), max: pool.max };
}
