import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { toJsonb } from '../connection/sql-values.ts';
import type { BackfillFileState, BackfillReason } from './backfill-record.ts';

// Those that run go on first. While they are as many as may be, no other is started. Of those that wait, few: when files take
// long, the rest of a batch is asked for in vain.
const NEXT_FILES = statement(`
  with running as materialized (
    select id from backfill_files where backfill_id = :backfillId and state = 'running'
    order by last_modified, id limit :limit
  ),
  room as (
    select case when count(r.id) < max(b.concurrency) then least(:limit - count(r.id), 4 * max(b.concurrency)) else 0 end as files
    from backfills b left join running r on true where b.id = :backfillId
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

const START_FILE = statement(`
  update backfill_files f set state = 'running', upload_id = :uploadId
  where f.id = :id and f.state = 'waiting' and (
    select count(*) from backfill_files r where r.backfill_id = f.backfill_id and r.state = 'running'
  ) < (select concurrency from backfills b where b.id = f.backfill_id)
  returning f.id`);

/**
 * Notes that a file is under way, and which upload it is.
 *
 * @returns whether it is: not while as many as may be are under way. Those that begin at the same moment do not see each other.
 */
export async function startBackfillFile(database: Database, id: number, uploadId: string): Promise<boolean> {
  return (await query(database, START_FILE, { id, uploadId })).length > 0;
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
