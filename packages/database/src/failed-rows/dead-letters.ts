import type { Raw } from '@rowferry/roster';
import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { toJsonb } from '../connection/sql-values.ts';
import { addCounts } from '../uploads/upload-counts.ts';

export type DeadRow = { messageId: string; uploadId: string; line: number; attempts: number; raw: Raw };

/** The reason in a dead row when none was saved, as when the database itself was unavailable. */
const UNKNOWN_REASON = 'the reason is not known: it could not be recorded';

/**
 * Records rows as dead, each with the saved reason of its message. A row that was written meanwhile stays as it is. One that
 * is dead already, by the same dead letter or by another copy of its message, keeps the most attempts that any of them had,
 * and the known reason: a dead letter that is delivered twice has none the second time.
 */
const RECORD_DEAD_ROWS = statement(`
  with dying as (
    select distinct on (t.upload_id, t.line) t.*, coalesce(f.reason, :unknown) as reason
    from unnest(:messageIds::text[], :uploadIds::uuid[], :lines::integer[], :attempts::smallint[], :raws::jsonb[])
      as t (message_id, upload_id, line, attempts, raw)
    left join delivery_failures f on f.message_id = t.message_id
    order by t.upload_id, t.line, t.attempts desc
  ),
  entered as (
    insert into upload_rows as r (upload_id, line, outcome, attempts, raw, errors)
    select upload_id, line, 'dead', attempts, raw,
      jsonb_build_array(jsonb_build_object('code', 'delivery_failed', 'column', null, 'message', reason))
    from dying order by upload_id, line
    on conflict (upload_id, line) do update set
      attempts = greatest(r.attempts, excluded.attempts),
      errors = case when excluded.errors -> 0 ->> 'message' = :unknown then r.errors else excluded.errors end,
      recorded_at = now()
    where r.outcome = 'dead'
    returning r.upload_id, xmax = 0 as is_new
  ),
  cleared as (
    delete from delivery_failures where message_id = any (:messageIds::text[])
  )
  ${addCounts('entered where is_new', () => 'count(*)', ['dead'])}`);

export async function recordDeadRows(database: Database, rows: readonly DeadRow[]): Promise<void> {
  await query(database, RECORD_DEAD_ROWS, {
    unknown: UNKNOWN_REASON,
    messageIds: rows.map((row) => row.messageId),
    uploadIds: rows.map((row) => row.uploadId),
    lines: rows.map((row) => row.line),
    attempts: rows.map((row) => row.attempts),
    raws: rows.map((row) => toJsonb(row.raw)),
  });
}
