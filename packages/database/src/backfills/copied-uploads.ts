import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';

type CopiedUpload = { id: string; bucket: string; key: string; fileName: string; sizeBytes: number; receivedAt: Date };

// Its moment comes before its file: a message about it may be handled before anybody could say so afterwards.
const OPEN_COPIED_UPLOAD = statement(`
  insert into uploads (id, bucket, object_key, file_name, size_bytes, received_at)
  values (:id, :bucket, :key, :fileName, :sizeBytes, least(:receivedAt::timestamptz, now()))
  on conflict (id) do nothing`);

/**
 * Enters an upload whose file is about to be copied from elsewhere in the bucket. It counts as received when the object that is
 * copied came into the bucket: which of two files is newer does not depend on which was copied first.
 */
export async function openCopiedUpload(database: Database, upload: CopiedUpload): Promise<void> {
  await query(database, OPEN_COPIED_UPLOAD, upload);
}

const DISCARD_COPIED_UPLOAD = statement('delete from uploads where id = ? and etag is null and started_at is null');

/** Deletes an upload whose file could not be copied. */
export async function discardCopiedUpload(database: Database, id: string): Promise<void> {
  await query(database, DISCARD_COPIED_UPLOAD, [id]);
}
