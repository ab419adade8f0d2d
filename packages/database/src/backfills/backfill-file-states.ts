import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { toJsonb } from '../connection/sql-values.ts';
import type { BackfillFileState, BackfillReason } from './backfill-record.ts';

// Those that run go on first. While they are as many as may be, no other is started.
const NEXT_FILES = statement(`
  with running as materialized (
    select id from backfill_files where backfill_id = :backfillId and state = 'running'
    order by last_modified, id limit :limit
  ),
  room as (
    select case when count(*) < (select concurrency from backfills where id = :backfillId)
      then :limit - count(*) else 0 end as files
    from running
  )
  select id from running
  union all (
    select id from backfill_files where backfill_id = :backfillId and state = 'waiting'
    order by last_modified, id limit (select files from room)
  )`);

/** The ids of the files that are to be handled next, `limit` at most, those that came into the bucket first; none: all have ended. */
export async function nextBackfillFiles(database: Database, backfillId: string, limit: number): Promise<number[]> {
  const rows = await query<{ id: number }>(database, NEXT_FILES, { backfillId, limit });
  return rows.map(({ id }) => id);
}

const START_FILE = statement(
  `update backfill_files set state = 'running', upload_id = ? where id = ? and state = 'waiting'`,
);

/** Notes which upload a file is. */
export async function startBackfillFile(database: Database, id: number, uploadId: string): Promise<void> {
  await query(database, START_FILE, [uploadId, id]);
}

const END_FILE = statement(
  `update backfill_files set state = :state, reason = :reason where id = :id and state in ('waiting', 'running')`,
);

/** Records what became of a file. One that has ended stays as it is. */
export async function endBackfillFile(
  database: Database,
  id: number,
  state: Extract<BackfillFileState, 'done' | 'failed' | 'skipped'>,
  reason?: BackfillReason,
): Promise<void> {
  await query(database, END_FILE, { id, state, reason: reason === undefined ? null : toJsonb(reason) });
}
