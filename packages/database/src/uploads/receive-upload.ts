import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { toJsonb } from '../connection/sql-values.ts';
import type { Sender, UploadRecord } from './find-upload.ts';
import { EARLIER_WITH_SHA256, UNLESS_INTERRUPTED } from './upload-expressions.ts';

type NewUpload = { id: string; bucket: string; key: string; fileName: string; sender?: Sender | null };

const OPEN_UPLOAD = statement('insert into uploads (id, bucket, object_key, file_name, sender) values (?, ?, ?, ?, ?)');

/** Enters an upload whose bytes are about to arrive. */
export async function openUpload(
  database: Database,
  { id, bucket, key, fileName, sender = null }: NewUpload,
): Promise<void> {
  await query(database, OPEN_UPLOAD, [id, bucket, key, fileName, sender && toJsonb(sender)]);
}

const DISCARD_UPLOAD = statement('delete from uploads where id = ? and received_at is null and started_at is null');

/** Deletes an upload of which nothing was stored. */
export async function discardUpload(database: Database, id: string): Promise<void> {
  await query(database, DISCARD_UPLOAD, [id]);
}

/** The channel for the ids of uploads whose file is in S3, so that a worker need not wait for its next listing of the bucket. */
export const RECEIVED_UPLOADS = 'rowferry_received_uploads';

const RECEIVE_UPLOAD = statement(`
  update uploads u set
    size_bytes = :sizeBytes,
    sha256 = coalesce(:sha256, u.sha256),
    etag = coalesce(etag, :etag),
    received_at = coalesce(received_at, now()),
    failure = ${UNLESS_INTERRUPTED},
    duplicate_of = case when :sha256::text is null then u.duplicate_of else ${EARLIER_WITH_SHA256} end
  where id = :id
  returning received_at, duplicate_of, pg_notify(:channel, id::text)`);

/**
 * Records that the whole file is in S3 since now, by Postgres's clock: this decides which of two files is newer. Says so on
 * `RECEIVED_UPLOADS`. Its rows may already be on their way; then the moment stays that of the first message about it.
 *
 * @param sha256 of the file, in hex; null where the API has not seen its bytes: the producer records it.
 * @returns since when it is known to be in S3, and the latest earlier upload of the same bytes; undefined if there is no such upload.
 */
export async function receiveUpload(
  database: Database,
  id: string,
  { sizeBytes, sha256, etag }: { sizeBytes: number; sha256: string | null; etag: string | null },
): Promise<Pick<UploadRecord, 'received_at' | 'duplicate_of'> | undefined> {
  const [received] = await query<Pick<UploadRecord, 'received_at' | 'duplicate_of'>>(database, RECEIVE_UPLOAD, {
    id,
    sizeBytes,
    sha256,
    etag,
    channel: RECEIVED_UPLOADS,
  });
  return received;
}
