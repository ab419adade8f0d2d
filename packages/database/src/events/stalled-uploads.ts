import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { IS_OPEN } from '../uploads/upload-expressions.ts';

// A stall is told once: its occurrence is the moment of the last movement. In order, so that two processes cannot deadlock.
const RECORD_STALLED_UPLOADS = statement(`
  with stalled as materialized (
    select id,
      to_char(greatest(
        created_at, received_at, started_at, read_at, redriven_at,
        (select max(updated_at) from upload_counts where upload_id = id),
        (select max(finished_at) from upload_segments where upload_id = id)
      ) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as since
    from upload_status
    where status = 'stalled' and ${IS_OPEN}
  )
  select record_event(
    s.id::text, 'upload.stalled', 'alert',
    jsonb_build_object('uploadId', s.id, 'since', s.since, 'link', '/v1/uploads/' || s.id),
    'stalled since ' || s.since)
  from (
    select * from stalled t
    where not exists (
      select from events e where e.subject = t.id::text and e.occurrence = 'stalled since ' || t.since
    )
    order by t.id
  ) s`);

/**
 * Records an event of each upload that has stalled: nothing of it has moved for an hour. One that moves again and stalls
 * again gets another.
 *
 * @returns how many had not been recorded.
 */
export async function recordStalledUploads(database: Database): Promise<number> {
  return (await query(database, RECORD_STALLED_UPLOADS)).length;
}
