import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { RECORDED } from './upload-counts.ts';

/** Uploads whose rows are summed up in one statement. */
const PAGE_UPLOADS = 1000;

/**
 * Marks uploads that are complete, so that a search for others need not sum up their rows again. Only a shortcut: an
 * upload that is not marked yet has the same status, it only takes longer to find out.
 *
 * A redrive removes the mark. A redrive that commits while this counts is detected by `redriven_at`: Postgres reads the
 * upload's row again before it updates it, but not the counts.
 */
export async function markCompletedUploads(database: Database): Promise<void> {
  for (let after = FIRST; after !== undefined; ) after = await markPage(database, after);
}

const FIRST: string | undefined = '00000000-0000-0000-0000-000000000000';

const MARK_PAGE = statement(`
  with page as materialized (
    select id, redriven_at from uploads
    where marked_completed_at is null and failure is null and total_rows is not null and id > :after
    order by id limit :limit
  ),
  marked as (
    update uploads u set marked_completed_at = now()
    from page p
    where u.id = p.id
      and u.redriven_at is not distinct from p.redriven_at
      and u.total_rows <= (
        select coalesce(sum(${RECORDED}), 0)
        from upload_counts c where c.upload_id = p.id
      )
  )
  select id from page order by id`);

/** @returns the last upload that was checked; undefined when there are no more. */
async function markPage(database: Database, after: string): Promise<string | undefined> {
  const rows = await query<{ id: string }>(database, MARK_PAGE, { after, limit: PAGE_UPLOADS });
  return rows.length < PAGE_UPLOADS ? undefined : rows.at(-1)?.id;
}
