/** A condition: the upload is not marked as complete and has not failed. Those are few, and have an index of their own. */
export const IS_OPEN = 'id in (select id from uploads where marked_completed_at is null and failure is null)';

/** The failure of an upload. One that expired has none any more when its file arrives after all. */
export const UNLESS_INTERRUPTED = `case when u.failure ->> 'code' = 'upload_interrupted' then null else u.failure end`;

/** The latest upload with the same bytes that was received before `u`, which may be received by this statement. */
export const EARLIER_WITH_SHA256 = `(
  select d.id from uploads d
  where d.sha256 = :sha256 and (d.received_at, d.id) < (coalesce(u.received_at, now()), u.id)
  order by d.received_at desc, d.id desc limit 1
)`;
