import type { Detected, SourceObject } from '@rowferry/messages';
import type { ColumnSources, OutcomeCounts, UploadFailure } from '@rowferry/roster';
import { IS_OPEN } from './completed-uploads.ts';
import type { Database } from './connection.ts';
import { toJsonb, toText } from './jsonb.ts';

export const UPLOAD_STATUSES = [
  'receiving',
  'received',
  'processing',
  'completed',
  'completed_with_errors',
  'stalled',
  'failed',
] as const;

export type UploadStatus = (typeof UPLOAD_STATUSES)[number];

/** An upload as the view `upload_status` shows it. */
export type UploadRecord = OutcomeCounts & {
  id: string;
  status: UploadStatus;
  file_name: string;
  size_bytes: number | null;
  total_rows: number | null;
  recorded: number;
  detected: Detected | null;
  columns: ColumnSources | null;
  ignored_columns: string[] | null;
  broken_records: number | null;
  failure: UploadFailure | null;
  duplicate_of: string | null;
  created_at: Date;
  received_at: Date | null;
  started_at: Date | null;
  finished_at: Date | null;
};

const UPLOAD_COLUMNS = `
  id, status, file_name, size_bytes, total_rows, recorded, detected, columns, ignored_columns, broken_records, failure, duplicate_of,
  created_at, received_at, started_at, finished_at,
  inserted, updated, unchanged, superseded, rejected, dead`;

/** An upload that was given up as interrupted is not, if its file comes after all. */
const UNLESS_INTERRUPTED = `case when u.failure ->> 'code' = 'upload_interrupted' then null else u.failure end`;

type NewUpload = { id: string; bucket: string; key: string; fileName: string };

/** Enters an upload whose bytes are about to come. */
export async function openUpload(database: Database, { id, bucket, key, fileName }: NewUpload): Promise<void> {
  await database.raw('insert into uploads (id, bucket, object_key, file_name) values (?, ?, ?, ?)', [
    id,
    bucket,
    key,
    fileName,
  ]);
}

/** Takes back an upload of which nothing was kept. */
export async function discardUpload(database: Database, id: string): Promise<void> {
  await database.raw('delete from uploads where id = ? and received_at is null and started_at is null', [id]);
}

/** The latest upload with these bytes that came before. */
const EARLIER_WITH_SHA256 = `(
  select d.id from uploads d
  where d.sha256 = :sha256 and d.id < u.id and d.received_at is not null
  order by d.id desc limit 1
)`;

/** The channel on which the ids of uploads are sent whose file is in S3, so that nobody need wait for the next look at the bucket. */
export const RECEIVED_UPLOADS = 'rowferry_received_uploads';

/**
 * Records that the whole file is in S3, and says so on `RECEIVED_UPLOADS`. Its rows may already be on their way.
 *
 * @param sha256 of the file, in hex; null where nobody has seen its bytes: who reads the file will tell.
 * @returns since when it is known to be in S3, and the latest earlier upload of the same bytes; undefined if there is no such upload.
 */
export async function receiveUpload(
  database: Database,
  id: string,
  { sizeBytes, sha256, etag }: { sizeBytes: number; sha256: string | null; etag: string | null },
): Promise<Pick<UploadRecord, 'received_at' | 'duplicate_of'> | undefined> {
  const { rows } = await database.raw<{ rows: Pick<UploadRecord, 'received_at' | 'duplicate_of'>[] }>(
    `update uploads u set
       size_bytes = :sizeBytes,
       sha256 = coalesce(:sha256, u.sha256),
       etag = coalesce(etag, :etag),
       received_at = coalesce(received_at, now()),
       failure = ${UNLESS_INTERRUPTED},
       duplicate_of = case when :sha256::text is null then u.duplicate_of else ${EARLIER_WITH_SHA256} end
     where id = :id
     returning received_at, duplicate_of, pg_notify(:channel, id::text)`,
    { id, sizeBytes, sha256, etag, channel: RECEIVED_UPLOADS },
  );
  return rows[0];
}

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

export async function findUpload(database: Database, id: string): Promise<UploadRecord | undefined> {
  const { rows } = await database.raw<{ rows: UploadRecord[] }>(
    `select ${UPLOAD_COLUMNS} from upload_status where id = ?`,
    [id],
  );
  return rows[0];
}

/** Those of these uploads that there are, in no order. */
export async function findUploads(database: Database, ids: readonly string[]): Promise<UploadRecord[]> {
  const { rows } = await database.raw<{ rows: UploadRecord[] }>(
    `select ${UPLOAD_COLUMNS} from upload_status where id = any(?::uuid[])`,
    [[...ids]],
  );
  return rows;
}

/**
 * What a status implies that an index tells. The view says the status exactly, but only after summing counts: these spare
 * it most of the uploads.
 */
const IMPLIED_BY: Record<UploadStatus, string> = {
  receiving: `${IS_OPEN} and received_at is null and started_at is null`,
  received: `${IS_OPEN} and received_at is not null and started_at is null`,
  processing: `${IS_OPEN} and started_at is not null`,
  completed: 'total_rows is not null',
  completed_with_errors: 'id in (select upload_id from upload_counts where rejected > 0 or dead > 0)',
  stalled: IS_OPEN,
  failed: '(failure is not null or received_at is null)',
};

/** Of uploads of one status there are counted no more: each has its rows summed up first. */
const COUNT_MAX = 10_000;

export type UploadPage = { uploads: UploadRecord[]; total: number; totalRelation: 'eq' | 'gte' };

type PageSettings = { limit: number; offset: number };

/** One page of uploads, of one status or of all, newest first, and how many there are: of one status, 10,000 or more are `gte`. */
export function listUploads(
  database: Database,
  { status, ...page }: PageSettings & { status?: UploadStatus | undefined },
): Promise<UploadPage> {
  return status === undefined ? listAll(database, page) : listWithStatus(database, status, page);
}

/** Which uploads are on the page is known without their counts, so these are only summed up for those. */
async function listAll(database: Database, page: PageSettings): Promise<UploadPage> {
  const [uploads, count] = await Promise.all([
    database.raw<{ rows: UploadRecord[] }>(
      `select ${UPLOAD_COLUMNS} from upload_status
       where id = any(array(select id from uploads order by id desc limit :limit offset :offset))
       order by id desc`,
      page,
    ),
    database.raw<{ rows: { total: number }[] }>('select count(*) as total from uploads'),
  ]);
  return { uploads: uploads.rows, total: count.rows[0]?.total ?? 0, totalRelation: 'eq' };
}

async function listWithStatus(database: Database, status: UploadStatus, page: PageSettings): Promise<UploadPage> {
  const matching = `from upload_status where status = :status and ${IMPLIED_BY[status]}`;
  const bindings = { ...page, status, bound: COUNT_MAX + 1 };
  const [uploads, count] = await Promise.all([
    database.raw<{ rows: UploadRecord[] }>(
      `select ${UPLOAD_COLUMNS} ${matching} order by id desc limit :limit offset :offset`,
      bindings,
    ),
    database.raw<{ rows: { total: number }[] }>(
      `select count(*) as total from (select ${matching} limit :bound) bounded`,
      bindings,
    ),
  ]);
  const total = count.rows[0]?.total ?? 0;
  const isExact = total <= COUNT_MAX;
  return { uploads: uploads.rows, total: Math.min(total, COUNT_MAX), totalRelation: isExact ? 'eq' : 'gte' };
}

/** Where the file of an upload is kept, and under which name it came; `etag` is null until the file is stored. */
export type UploadFile = Pick<SourceObject, 'bucket' | 'key' | 'versionId' | 'fileName'> & {
  etag: string | null;
  sizeBytes: number | null;
};

export async function findUploadFile(database: Database, id: string): Promise<UploadFile | undefined> {
  const { rows } = await database.raw<{ rows: UploadFile[] }>(
    `select bucket, object_key as key, etag, version_id as "versionId", file_name as "fileName", size_bytes as "sizeBytes"
     from uploads where id = ?`,
    [id],
  );
  return rows[0];
}

/** Of these objects, the ones that somebody has to read: not all of their messages are known to be sent, and the total isn't known. */
export async function findUnreadUploads(database: Database, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await database.raw<{ rows: { id: string }[] }>(
    `select i.id from unnest(?::uuid[]) as i (id)
     where not exists (select from uploads u where u.id = i.id and u.read_at is not null)
       and not exists (select from handed_over_uploads h where h.upload_id = i.id)`,
    [[...ids]],
  );
  return new Set(rows.map((row) => row.id));
}

/** Records that all messages of an upload are in the queues, be they handled or not. */
export async function markUploadEnqueued(database: Database, id: string): Promise<void> {
  await database.raw('insert into handed_over_uploads (upload_id) values (?) on conflict do nothing', [id]);
}
