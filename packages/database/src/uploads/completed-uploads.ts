import type { Database } from '../connection/connect.ts';

/** Uploads whose rows are summed up in one statement. */
const PAGE_UPLOADS = 1000;

/**
 * Notes which uploads are complete, so that who looks for others need not sum up their rows again. Only a shortcut: an
 * upload that is not noted yet has the same status, it takes longer to tell.
 *
 * A redrive takes it back. One that commits while this counts is told by `redriven_at`, which Postgres reads anew when it
 * comes to the upload's row; the counts it does not.
 */
export async function markCompletedUploads(database: Database): Promise<void> {
  for (let after = FIRST; after !== undefined; ) after = await markPage(database, after);
}

const FIRST: string | undefined = '00000000-0000-0000-0000-000000000000';

/** @returns the last upload that was looked at; undefined when there are no more. */
async function markPage(database: Database, after: string): Promise<string | undefined> {
  const { rows } = await database.raw<{ rows: { id: string }[] }>(
    `with page as materialized (
       select id, redriven_at from uploads
       where marked_completed_at is null and failure is null and total_rows is not null and id > :after
       order by id limit :limit
     ),
     settled as (
       update uploads u set marked_completed_at = now()
       from page p
       where u.id = p.id
         and u.redriven_at is not distinct from p.redriven_at
         and u.total_rows = (
           select coalesce(sum(inserted + updated + unchanged + superseded + rejected + dead), 0)
           from upload_counts c where c.upload_id = p.id
         )
     )
     select id from page order by id`,
    { after, limit: PAGE_UPLOADS },
  );
  return rows.length < PAGE_UPLOADS ? undefined : rows.at(-1)?.id;
}
