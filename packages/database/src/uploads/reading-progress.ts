import type { Detected, SourceObject } from '@rowferry/messages';
import type { ColumnSources, UploadFailure } from '@rowferry/roster';
import type { Database } from '../connection/connect.ts';
import { toJsonb, toText } from '../connection/sql-values.ts';
import { EARLIER_WITH_SHA256, UNLESS_INTERRUPTED } from './upload-expressions.ts';

/**
 * Enters an upload that the API does not know, as when another tool put the object into the bucket; of one that it
 * knows, keeps what the API said.
 */
const ENTER_UPLOAD = `
  insert into uploads as u (id, bucket, object_key, etag, version_id, file_name, size_bytes, received_at)
  values (:id, :bucket, :key, :etag, :versionId, :fileName, :sizeBytes, :receivedAt)
  on conflict (id) do update set
    etag = excluded.etag,
    version_id = excluded.version_id,
    size_bytes = coalesce(u.size_bytes, excluded.size_bytes),
    received_at = coalesce(u.received_at, excluded.received_at),
    failure = ${UNLESS_INTERRUPTED}`;

type ReadFacts = {
  segments: number;
  detected: Detected;
  columns: ColumnSources;
  ignoredColumns: string[];
  brokenRecords: number;
  sha256?: string | null | undefined;
};

/** Records that reading began and in how many segments. Told again, nothing changes. */
export async function startUpload(
  database: Database,
  upload: SourceObject,
  { segments, detected, columns, ignoredColumns, brokenRecords, sha256 = null }: ReadFacts,
): Promise<void> {
  await database.transaction(async (transaction) => {
    await lockTotal(transaction, upload.id);
    await transaction.raw(ENTER_UPLOAD, { ...upload });
    await transaction.raw(
      `update uploads u set segments = :segments, detected = :detected, columns = :columns,
         ignored_columns = :ignoredColumns, broken_records = :brokenRecords, started_at = coalesce(started_at, now()),
         sha256 = coalesce(u.sha256, :sha256),
         duplicate_of = case when u.sha256 is null then ${EARLIER_WITH_SHA256} else u.duplicate_of end
       where id = :id and segments is null`,
      {
        id: upload.id,
        segments,
        detected: toJsonb(detected),
        columns: toJsonb(columns),
        ignoredColumns: ignoredColumns.map(toText),
        brokenRecords,
        sha256,
      },
    );
    await recordTotal(transaction, upload.id);
  });
}

/** Records that a segment was read to its end and how many rows it has. Told again, nothing changes. */
export async function finishSegment(
  database: Database,
  { uploadId, segment, rows }: { uploadId: string; segment: number; rows: number },
): Promise<void> {
  await database.transaction(async (transaction) => {
    await lockTotal(transaction, uploadId);
    await transaction.raw(
      'insert into upload_segments (upload_id, segment, rows) values (?, ?, ?) on conflict do nothing',
      [uploadId, segment, rows],
    );
    await recordTotal(transaction, uploadId);
  });
}

/**
 * Whoever tells the last that is missing of a total must see what all the others told. So they come one after the other,
 * each with statements whose snapshots are taken after the one before has committed. The upload's row cannot be the lock:
 * of an object that another tool put into the bucket there is none before it is started.
 */
async function lockTotal(transaction: Database, uploadId: string): Promise<void> {
  await transaction.raw('select pg_advisory_xact_lock(hashtextextended(?, 0))', [uploadId]);
}

/** The total is known when every segment told its rows. */
async function recordTotal(transaction: Database, uploadId: string): Promise<void> {
  // A file that was read to its end has not failed, whoever gave it up before: so the order of the messages does not matter.
  await transaction.raw(
    `update uploads u set total_rows = s.rows, read_at = now(), failure = null
     from (select count(*) as segments, coalesce(sum(rows), 0) as rows from upload_segments where upload_id = :id) s
     where u.id = :id and u.total_rows is null and u.segments = s.segments`,
    { id: uploadId },
  );
}

/** Records that the file could not be read at all. */
export async function failUpload(database: Database, upload: SourceObject, failure: UploadFailure): Promise<void> {
  await database.transaction(async (transaction) => {
    await transaction.raw(ENTER_UPLOAD, { ...upload });
    await transaction.raw(
      `update uploads set failure = :failure, started_at = coalesce(started_at, now()), read_at = now()
       where id = :id and failure is null and total_rows is null`,
      { id: upload.id, failure: toJsonb(failure) },
    );
  });
}
