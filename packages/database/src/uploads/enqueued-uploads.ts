import { asOwnUpload, hasIdOfKey, type SourceObject } from '@rowferry/messages';
import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';

const FIND_UNREAD_UPLOADS = statement(`
  select i.id from unnest(?::uuid[]) as i (id)
  where not exists (select from uploads u where u.id = i.id and u.read_at is not null)
    and not exists (select from enqueued_uploads q where q.upload_id = i.id)`);

/** Of these uploads, the ones whose file must be read: neither is their total known nor are all their messages known to be sent. */
export async function findUnreadUploads(database: Database, ids: readonly string[]): Promise<Set<string>> {
  const rows = await query<{ id: string }>(database, FIND_UNREAD_UPLOADS, [[...ids]]);
  return new Set(rows.map((row) => row.id));
}

// Of objects, those whose upload has another one.
const FIND_REPLACING_OBJECTS = statement(`
  select u.id from unnest(?::uuid[], ?::text[]) as i (id, etag) join uploads u on u.id = i.id and u.etag <> i.etag`);

/**
 * The uploads that these objects are. One that was written over the object that the API made its key for is an upload of its
 * own: the id in the key is that of the API's.
 */
export async function identifyUploads(database: Database, objects: readonly SourceObject[]): Promise<SourceObject[]> {
  const ofApi = objects.filter(hasIdOfKey);
  if (ofApi.length === 0) return [...objects];
  const values = [ofApi.map(({ id }) => id), ofApi.map(({ etag }) => etag)];
  const rows = await query<{ id: string }>(database, FIND_REPLACING_OBJECTS, values);
  const replacing = new Set(rows.map((row) => row.id));
  return objects.map((object) => (replacing.has(object.id) ? asOwnUpload(object) : object));
}

// In order, so that two processes that mark the same uploads cannot deadlock.
const MARK_UPLOADS_ENQUEUED = statement(`
  insert into enqueued_uploads (upload_id) select id from unnest(?::uuid[]) as i (id) order by id on conflict do nothing`);

/** Records that all messages of these uploads are in the queues, handled or not. */
export async function markUploadsEnqueued(database: Database, ids: readonly string[]): Promise<void> {
  await query(database, MARK_UPLOADS_ENQUEUED, [[...ids]]);
}
