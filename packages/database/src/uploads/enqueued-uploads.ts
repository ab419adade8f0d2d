import type { SourceObject } from '@rowferry/messages';
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

const FIND_REPLACING_OBJECTS = statement(`
  select u.id from unnest(?::uuid[], ?::text[]) as i (id, etag) join uploads u on u.id = i.id and u.etag <> i.etag`);

/** Of these objects, the ids of those whose upload has another object: they were written over it. */
export async function findReplacingObjects(
  database: Database,
  uploads: readonly Pick<SourceObject, 'id' | 'etag'>[],
): Promise<Set<string>> {
  const values = [uploads.map(({ id }) => id), uploads.map(({ etag }) => etag)];
  const rows = await query<{ id: string }>(database, FIND_REPLACING_OBJECTS, values);
  return new Set(rows.map((row) => row.id));
}

const MARK_UPLOAD_ENQUEUED = statement('insert into enqueued_uploads (upload_id) values (?) on conflict do nothing');

/** Records that all messages of an upload are in the queues, handled or not. */
export async function markUploadEnqueued(database: Database, id: string): Promise<void> {
  await query(database, MARK_UPLOAD_ENQUEUED, [id]);
}
