import type { Database } from '../connection/connect.ts';

/** Of these objects, the ones that somebody has to read: not all of their messages are known to be sent, and the total isn't known. */
export async function findUnreadUploads(database: Database, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await database.raw<{ rows: { id: string }[] }>(
    `select i.id from unnest(?::uuid[]) as i (id)
     where not exists (select from uploads u where u.id = i.id and u.read_at is not null)
       and not exists (select from enqueued_uploads q where q.upload_id = i.id)`,
    [[...ids]],
  );
  return new Set(rows.map((row) => row.id));
}

/** Records that all messages of an upload are in the queues, be they handled or not. */
export async function markUploadEnqueued(database: Database, id: string): Promise<void> {
  await database.raw('insert into enqueued_uploads (upload_id) values (?) on conflict do nothing', [id]);
}
