import type { UploadFailure } from '@rowferry/roster';
import type { Database } from '../connection/connect.ts';
import { toJsonb } from '../connection/sql-values.ts';

/** What an upload fails of whose file never came as a whole. */
export const INTERRUPTED: UploadFailure = {
  code: 'upload_interrupted',
  detail: 'The file did not arrive as a whole in time. Send it again.',
};

/** An upload whose file is not there yet, as far as completing it or giving it up needs to know. */
export type UnfinishedUpload = {
  id: string;
  bucket: string;
  key: string;
  /** S3's id of the multipart upload; null where no part is known to be in S3. */
  multipartId: string | null;
  /** Null where the API receives the file. */
  sizeBytes: number | null;
  isExpired: boolean;
  isReceived: boolean;
};

const COLUMNS = `
  id, bucket, object_key as key, multipart_id as "multipartId", size_bytes as "sizeBytes",
  expires_at < now() or failure is not null as "isExpired",
  received_at is not null or started_at is not null as "isReceived"`;

/** Notes that the client sends the file itself, how large it says it is, and until when it may. */
export async function expectParts(
  database: Database,
  id: string,
  { multipartId, sizeBytes, expiresAt }: { multipartId: string; sizeBytes: number; expiresAt: Date },
): Promise<void> {
  await database.raw('update uploads set multipart_id = ?, size_bytes = ?, expires_at = ? where id = ?', [
    multipartId,
    sizeBytes,
    expiresAt,
    id,
  ]);
}

/** Notes that parts of a file that the API receives are in S3, for whoever finds the upload unfinished. */
export async function noteMultipart(database: Database, id: string, multipartId: string): Promise<void> {
  await database.raw('update uploads set multipart_id = ? where id = ?', [multipartId, id]);
}

export async function findUnfinishedUpload(database: Database, id: string): Promise<UnfinishedUpload | undefined> {
  const { rows } = await database.raw<{ rows: UnfinishedUpload[] }>(`select ${COLUMNS} from uploads where id = ?`, [
    id,
  ]);
  return rows[0];
}

/**
 * Uploads whose file has not come in time. A minute late: one that is completed at the last moment gets through.
 *
 * @returns the longest expired first, `limit` at most.
 */
export async function findExpiredUploads(database: Database, limit: number): Promise<UnfinishedUpload[]> {
  const { rows } = await database.raw<{ rows: UnfinishedUpload[] }>(
    `select ${COLUMNS} from uploads
     where received_at is null and started_at is null and failure is null and expires_at < now() - interval '1 minute'
     order by expires_at limit ?`,
    [limit],
  );
  return rows;
}

/** Records that the file of an upload will not come. One that has come meanwhile stays as it is. */
export async function expireUpload(database: Database, id: string): Promise<void> {
  await database.raw(
    'update uploads set failure = ? where id = ? and received_at is null and started_at is null and failure is null',
    [toJsonb(INTERRUPTED), id],
  );
}
