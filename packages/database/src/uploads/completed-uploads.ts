import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { findUploads, type UploadRecord } from './find-upload.ts';
import { RECORDED } from './upload-counts.ts';

/** Uploads whose rows are summed up in one statement. */
const PAGE_UPLOADS = 1000;

/**
 * Marks uploads that are complete, so that a search for others need not sum up their rows again. Only a shortcut: an
 * upload that is not marked yet has the same status, it only takes longer to find out.
 *
 * A redrive removes the mark. A redrive that commits while this counts is detected by `redriven_at`: Postgres reads the
 * upload's row again before it updates it, but not the counts.
 *
 * @returns the uploads that this call marked: each comes once, whatever many processes mark, and once more after a redrive.
 */
export async function* markCompletedUploads(database: Database): AsyncGenerator<UploadRecord[]> {
  for (let after = FIRST; after !== undefined; ) {
    const page = await query<MarkedUpload>(database, MARK_PAGE, { after, limit: PAGE_UPLOADS });
    const marked = page.filter(({ isMarked }) => isMarked).map(({ id }) => id);
    if (marked.length > 0) yield await findUploads(database, marked);
    after = page.length < PAGE_UPLOADS ? undefined : page.at(-1)?.id;
  }
}

type MarkedUpload = { id: string; isMarked: boolean };

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
      -- Another process may have marked it while this one waited for its row.
      and u.marked_completed_at is null
      and u.redriven_at is not distinct from p.redriven_at
      and u.total_rows <= (
        select coalesce(sum(${RECORDED}), 0)
        from upload_counts c where c.upload_id = p.id
      )
    returning u.id
  )
  select p.id, m.id is not null as "isMarked" from page p left join marked m on m.id = p.id order by p.id`);
