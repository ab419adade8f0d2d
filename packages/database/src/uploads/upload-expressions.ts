/** A condition: the upload was not seen to be complete or failed. Those are few, and have an index of their own. */
export const IS_OPEN = 'id in (select id from uploads where marked_completed_at is null and failure is null)';

/** An upload that was given up as interrupted is not, if its file comes after all. */
export const UNLESS_INTERRUPTED = `case when u.failure ->> 'code' = 'upload_interrupted' then null else u.failure end`;

/** The latest upload with these bytes that came before. */
export const EARLIER_WITH_SHA256 = `(
  select d.id from uploads d
  where d.sha256 = :sha256 and d.id < u.id and d.received_at is not null
  order by d.id desc limit 1
)`;
