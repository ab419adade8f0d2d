import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { toText } from '../connection/sql-values.ts';

export type ObjectsListed = {
  backfillId: string;
  /** The key that the listing went on from; null: from the first. */
  after: string | null;
  /** The last key that was listed; `after` where there was none. */
  last: string | null;
  objects: readonly { key: string; etag: string; sizeBytes: number; lastModified: Date }[];
  /** Whether none follow. */
  isLast: boolean;
};

/** Codes of what may go better the next time, with the same object and the same settings. */
const TRIED_AGAIN = ['object_gone', 'copy_refused', 'not_started', 'file_too_large', 'backfill_failed'];

// The one that moves it from `after` on has listed these objects; another that listed them too finds it moved.
const MOVE_LISTING = statement(`
  update backfills set listed_after = :last, listed_at = case when :isLast then now() end, touched_at = now()
  where id = :backfillId and listed_after is not distinct from :after and listed_at is null and finished_at is null
  returning id`);

/**
 * Enters those that are new or have another content than the last time; of those that failed, also where other settings may
 * help. One index lookup an object.
 */
const ADD_FILES = statement(`
  insert into backfill_files (backfill_id, bucket, object_key, etag, size_bytes, last_modified)
  select b.id, b.bucket, o.key, o.etag, o.size_bytes, o.last_modified
  from backfills b
  cross join unnest(:keys::text[], :etags::text[], :sizes::bigint[], :times::timestamptz[])
    as o (key, etag, size_bytes, last_modified)
  left join lateral (
    select f.etag, f.state, f.reason ->> 'code' as code, earlier.settings_id
    from backfill_files f join backfills earlier on earlier.id = f.backfill_id
    where f.bucket = b.bucket and f.object_key = o.key
    order by f.id desc limit 1
  ) before on true
  where b.id = :backfillId and (
    before.etag is null
    or before.etag <> o.etag
    or before.code = any(:triedAgain::text[])
    or before.state = 'failed' and before.settings_id is distinct from b.settings_id
  )
  order by o.key
  on conflict (bucket, object_key, etag) where state in ('waiting', 'running') do nothing
  returning id`);

const ADD_UNCHANGED = statement('update backfills set unchanged = unchanged + :unchanged where id = :backfillId');

/**
 * Enters the objects of one listing, without those that an earlier backfill has loaded, and those that another is loading.
 * Calling it again changes nothing.
 *
 * @returns whether this call entered them: not when another was first, or the backfill has ended.
 */
export async function addBackfillFiles(
  database: Database,
  { backfillId, after, last, objects, isLast }: ObjectsListed,
): Promise<boolean> {
  return database.transaction(async (transaction) => {
    const moved = await query(transaction, MOVE_LISTING, { backfillId, after, last, isLast });
    if (moved.length === 0) return false;
    const added = await query(transaction, ADD_FILES, {
      backfillId,
      keys: objects.map(({ key }) => toText(key)),
      etags: objects.map(({ etag }) => toText(etag)),
      sizes: objects.map(({ sizeBytes }) => sizeBytes),
      times: objects.map(({ lastModified }) => lastModified),
      triedAgain: TRIED_AGAIN,
    });
    await query(transaction, ADD_UNCHANGED, { backfillId, unchanged: objects.length - added.length });
    return true;
  });
}
