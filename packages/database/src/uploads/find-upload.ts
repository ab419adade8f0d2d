import type { Detected, SourceObject } from '@rowferry/messages';
import type { ColumnSources, OutcomeCounts, UploadFailure, Warning } from '@rowferry/roster';
import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { NAME_FACTS, type NameFacts } from './name-facts.ts';
import { COUNT_COLUMNS } from './upload-counts.ts';

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

/** Who sent a file. `name` of a token is as its claims say, if they do. */
export type Sender = { kind: 'key' | 'token'; id: string; name: string | null };

/** An upload as the view `upload_status` shows it. */
export type UploadRecord = OutcomeCounts &
  NameFacts & {
    id: string;
    status: UploadStatus;
    file_name: string;
    size_bytes: number | null;
    /** Known when every segment was read. */
    total_rows: number | null;
    /** Known from the survey on. */
    total: number | null;
    estimated_seconds_left: number | null;
    recorded: number;
    detected: Detected | null;
    columns: Partial<ColumnSources> | null;
    ignored_columns: string[] | null;
    broken_records: number | null;
    /** Of the file as a whole. */
    warnings: Warning[] | null;
    /** Of the values in each segment that was read so far. */
    segment_warnings: Warning[][] | null;
    failure: UploadFailure | null;
    duplicate_of: string | null;
    sender: Sender | null;
    created_at: Date;
    received_at: Date | null;
    started_at: Date | null;
    finished_at: Date | null;
  };

/** The columns of an `UploadRecord`, for `select`. */
// `sender` is younger than the view, which has the columns of `uploads` of its own time.
export const UPLOAD_COLUMNS = `
  id, status, file_name, size_bytes, total_rows, total, estimated_seconds_left, recorded, detected, columns, ignored_columns, broken_records, warnings, segment_warnings, failure, duplicate_of,
  created_at, received_at, started_at, finished_at,
  (select u.sender from uploads u where u.id = upload_status.id) as sender,
  ${COUNT_COLUMNS}, ${NAME_FACTS}`;

const FIND_UPLOAD = statement(`select ${UPLOAD_COLUMNS} from upload_status where id = ?`);

export async function findUpload(database: Database, id: string): Promise<UploadRecord | undefined> {
  const [upload] = await query<UploadRecord>(database, FIND_UPLOAD, [id]);
  return upload;
}

const FIND_UPLOADS = statement(`select ${UPLOAD_COLUMNS} from upload_status where id = any(?::uuid[])`);

/** The uploads with these ids, as far as they exist, in no order. */
export async function findUploads(database: Database, ids: readonly string[]): Promise<UploadRecord[]> {
  return query<UploadRecord>(database, FIND_UPLOADS, [[...ids]]);
}

/** Where the file of an upload is stored, and its name; `etag` is null until the file is stored. */
export type UploadFile = Pick<SourceObject, 'id' | 'bucket' | 'key' | 'versionId' | 'fileName'> & {
  etag: string | null;
  sizeBytes: number | null;
};

const FIND_UPLOAD_FILE = statement(`
  select id, bucket, object_key as key, etag, version_id as "versionId", file_name as "fileName", size_bytes as "sizeBytes"
  from uploads where id = ?`);

export async function findUploadFile(database: Database, id: string): Promise<UploadFile | undefined> {
  const [file] = await query<UploadFile>(database, FIND_UPLOAD_FILE, [id]);
  return file;
}
