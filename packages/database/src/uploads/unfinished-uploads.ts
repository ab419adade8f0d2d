import type { UploadFailure } from '@rowferry/roster';
import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { toJsonb } from '../connection/sql-values.ts';

/** The failure of an upload whose file did not arrive as a whole. */
export const INTERRUPTED: UploadFailure = {
  code: 'upload_interrupted',
  detail: 'The file did not arrive as a whole in time. Send it again.',
};

/** An upload whose file has not arrived yet: what completing or expiring it needs to know. */
export type UnfinishedUpload = {
  id: string;
  bucket: string;
  key: string;
  /** S3's id of the multipart upload; null where no part is known to be in S3. */
  multipartId: string | null;
  /** Null where the API receives the file. */
  sizeBytes: number | null;
  /** Until when the file may arrive. */
  expiresAt: Date;
  isExpired: boolean;
  isReceived: boolean;
};

const COLUMNS = `
  id, bucket, object_key as key, multipart_id as "multipartId", size_bytes as "sizeBytes", expires_at as "expiresAt",
  expires_at < now() or failure is not null as "isExpired",
  received_at is not null or started_at is not null as "isReceived"`;

const EXPECT_PARTS = statement('update uploads set multipart_id = ?, size_bytes = ?, expires_at = ? where id = ?');

/** Notes that the client sends the file itself, how large it says it is, and until when it may. */
export async function expectParts(
  database: Database,
  id: string,
  { multipartId, sizeBytes, expiresAt }: { multipartId: string; sizeBytes: number; expiresAt: Date },
): Promise<void> {
  await query(database, EXPECT_PARTS, [multipartId, sizeBytes, expiresAt, id]);
}

const NOTE_MULTIPART = statement('update uploads set multipart_id = ? where id = ?');

/** Notes that parts of a file that the API receives are in S3, so that they are deleted if the upload expires. */
export async function noteMultipart(database: Database, id: string, multipartId: string): Promise<void> {
  await query(database, NOTE_MULTIPART, [multipartId, id]);
}

const INTERRUPT_UPLOAD = statement(
  'update uploads set multipart_id = ?, expires_at = now() where id = ? and received_at is null and started_at is null',
);

/** Notes that the file of an upload will not arrive, and which parts of it are left in S3: they are removed as it expires. */
export async function interruptUpload(database: Database, id: string, multipartId: string): Promise<void> {
  await query(database, INTERRUPT_UPLOAD, [multipartId, id]);
}

const FIND_UNFINISHED_UPLOAD = statement(`select ${COLUMNS} from uploads where id = ?`);

export async function findUnfinishedUpload(database: Database, id: string): Promise<UnfinishedUpload | undefined> {
  const [upload] = await query<UnfinishedUpload>(database, FIND_UNFINISHED_UPLOAD, [id]);
  return upload;
}

const FIND_EXPIRED_UPLOADS = statement(`
  select ${COLUMNS} from uploads
  where received_at is null and started_at is null and failure is null and expires_at < now() - interval '1 minute'
  order by expires_at limit ?`);

/**
 * Uploads whose file has not arrived in time. A minute late: one that is completed at the last moment is still accepted.
 *
 * @returns the longest expired first, `limit` at most.
 */
export async function findExpiredUploads(database: Database, limit: number): Promise<UnfinishedUpload[]> {
  return query<UnfinishedUpload>(database, FIND_EXPIRED_UPLOADS, [limit]);
}

const EXPIRE_UPLOAD = statement(
  `update uploads set failure = ?
   where id = ? and received_at is null and started_at is null and failure is null
   returning id`,
);

/**
 * Records that the file of an upload will not arrive. An upload whose file has arrived meanwhile stays as it is.
 *
 * @returns whether that is news: false when another process was first.
 */
export async function expireUpload(database: Database, id: string): Promise<boolean> {
  return (await query(database, EXPIRE_UPLOAD, [toJsonb(INTERRUPTED), id])).length > 0;
}
