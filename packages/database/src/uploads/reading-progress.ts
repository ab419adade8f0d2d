import type { Detected, SourceObject } from '@rowferry/messages';
import type { ColumnSources, UploadFailure, Warning } from '@rowferry/roster';
import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { toJsonb, toText } from '../connection/sql-values.ts';
import { EARLIER_WITH_SHA256, UNLESS_INTERRUPTED } from './upload-expressions.ts';

/**
 * Enters an upload that the API does not know, as when another tool put the object into the bucket. Of one that the API
 * knows, its values stay.
 *
 * Its file is in S3, since S3's event unless S3's clock is ahead of ours. Of an upload that the API opened, S3's time is not
 * taken: that of a multipart upload can be the moment at which it began. A moment that is recorded stays.
 */
const ENTER_UPLOAD = statement(`
  insert into uploads as u (id, bucket, object_key, etag, version_id, file_name, size_bytes, received_at)
  values (:id, :bucket, :key, :etag, :versionId, :fileName, :sizeBytes, least(:receivedAt::timestamptz, now()))
  on conflict (id) do update set
    etag = excluded.etag,
    version_id = excluded.version_id,
    size_bytes = coalesce(u.size_bytes, excluded.size_bytes),
    received_at = coalesce(u.received_at, now()),
    failure = ${UNLESS_INTERRUPTED}`);

async function enterUpload(transaction: Database, { requestId: _, ...upload }: SourceObject): Promise<void> {
  await query(transaction, ENTER_UPLOAD, upload);
}

type ReadFacts = {
  segments: number;
  detected: Detected;
  columns: ColumnSources;
  ignoredColumns: string[];
  brokenRecords: number;
  warnings?: Warning[] | undefined;
  total?: number | undefined;
  lastLine?: number | undefined;
  sha256?: string | null | undefined;
};

const START_UPLOAD = statement(`
  update uploads u set segments = :segments, detected = :detected, columns = :columns,
    ignored_columns = :ignoredColumns, broken_records = :brokenRecords, warnings = :warnings, started_at = coalesce(started_at, now()),
    surveyed_rows = :total, last_line = greatest(last_line, :lastLine),
    sha256 = coalesce(u.sha256, :sha256),
    duplicate_of = case when u.sha256 is null then ${EARLIER_WITH_SHA256} else u.duplicate_of end
  where id = :id and segments is null`);

/** Records that reading began and in how many segments. Recording it again changes nothing. */
export async function startUpload(
  database: Database,
  upload: SourceObject,
  { segments, detected, columns, ignoredColumns, brokenRecords, warnings, total, lastLine, sha256 = null }: ReadFacts,
): Promise<void> {
  await database.transaction(async (transaction) => {
    await lockTotal(transaction, upload.id);
    await enterUpload(transaction, upload);
    await query(transaction, START_UPLOAD, {
      id: upload.id,
      segments,
      detected: toJsonb(detected),
      columns: toJsonb(columns),
      ignoredColumns: ignoredColumns.map(toText),
      brokenRecords,
      warnings: warningsJson(warnings),
      total: total ?? null,
      lastLine: lastLine ?? null,
      sha256,
    });
    await recordTotal(transaction, upload.id);
  });
}

/** None are null, so that a list of uploads has nothing to sum up. */
function warningsJson(warnings: Warning[] = []): string | null {
  return warnings.length === 0 ? null : toJsonb(warnings);
}

type SegmentFacts = { uploadId: string; segment: number; rows: number; warnings?: Warning[] | undefined };

const FINISH_SEGMENT = statement(
  'insert into upload_segments (upload_id, segment, rows, warnings) values (?, ?, ?, ?) on conflict do nothing',
);

/** Records that a segment was read to its end, how many rows it has and what to warn of in them. Recording it again changes nothing. */
export async function finishSegment(
  database: Database,
  { uploadId, segment, rows, warnings }: SegmentFacts,
): Promise<void> {
  await database.transaction(async (transaction) => {
    await lockTotal(transaction, uploadId);
    await query(transaction, FINISH_SEGMENT, [uploadId, segment, rows, warningsJson(warnings)]);
    await recordTotal(transaction, uploadId);
  });
}

const LOCK_TOTAL = statement('select pg_advisory_xact_lock(hashtextextended(?, 0))');

/**
 * The transaction that records the last missing part of a total must see what all the others recorded. So they run one
 * after the other, each with statements whose snapshots are taken after the one before has committed. The upload's row
 * cannot be the lock: an object that another tool put into the bucket has none before it is started.
 */
async function lockTotal(transaction: Database, uploadId: string): Promise<void> {
  await query(transaction, LOCK_TOTAL, [uploadId]);
}

// A file that was read to its end has not failed, whatever failure was recorded before: so the order of messages does not
// matter. A segment that the file does not have counts for nothing, nor do rows beyond those of the survey: a message that
// no producer sent cannot keep the total from being known or reached.
const RECORD_TOTAL = statement(`
  update uploads u set total_rows = least(s.rows, u.surveyed_rows), read_at = now(), failure = null
  from (
    select count(*) as segments, coalesce(sum(g.rows), 0) as rows
    from upload_segments g join uploads f on f.id = g.upload_id
    where f.id = :id and g.segment < f.segments
  ) s
  where u.id = :id and u.total_rows is null and u.segments = s.segments`);

/** The total is known when the rows of every segment are. */
async function recordTotal(transaction: Database, uploadId: string): Promise<void> {
  await query(transaction, RECORD_TOTAL, { id: uploadId });
}

const FAIL_UPLOAD = statement(`
  update uploads set failure = :failure, started_at = coalesce(started_at, now()), read_at = now()
  where id = :id and failure is null and total_rows is null
  returning id`);

/** Records that the file could not be read at all. @returns whether that is news: false when called again. */
export async function failUpload(database: Database, upload: SourceObject, failure: UploadFailure): Promise<boolean> {
  return database.transaction(async (transaction) => {
    await enterUpload(transaction, upload);
    const failed = await query(transaction, FAIL_UPLOAD, { id: upload.id, failure: toJsonb(failure) });
    return failed.length > 0;
  });
}
