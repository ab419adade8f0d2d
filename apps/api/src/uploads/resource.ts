import { INTERRUPTED, type Sender, type UploadRecord } from '@rowferry/database';
import { byColumn, byOutcome, type OutcomeCounts, sumWarnings, zeroCounts } from '@rowferry/roster';
import { nameWarnings } from './name-warnings.ts';
import type { UploadResource } from './schema.ts';

/** @param naming whether warnings name people. */
export function toUploadResource(
  upload: UploadRecord,
  { naming }: { naming: boolean } = { naming: true },
): UploadResource {
  return {
    id: upload.id,
    status: upload.status,
    fileName: upload.file_name,
    sizeBytes: upload.size_bytes,
    receivedAt: toIso(upload.received_at),
    startedAt: toIso(upload.started_at),
    finishedAt: toIso(upload.finished_at),
    total: upload.total,
    progress: progressOf(upload),
    estimatedSecondsLeft: upload.estimated_seconds_left,
    counts: pickCounts(upload),
    detected: upload.detected,
    columns: toSources(upload.columns),
    ignoredColumns: upload.ignored_columns ?? [],
    brokenRecords: upload.broken_records,
    warnings: sumWarnings(
      [upload.warnings ?? [], ...(upload.segment_warnings ?? []), nameWarnings(upload, { naming })].flat(),
    ),
    // An upload fails at the moment at which its time is over; that is written down some minutes later.
    failure: upload.failure ?? (upload.status === 'failed' ? INTERRUPTED : null),
    duplicateOf: upload.duplicate_of,
    sentBy: upload.sender,
  };
}

/** The record of an upload whose file was stored a moment ago. */
export function receivedUpload(file: {
  id: string;
  fileName: string;
  sizeBytes: number;
  receivedAt: Date;
  duplicateOf?: string | null;
  sender?: Sender | null;
}): UploadRecord {
  return {
    id: file.id,
    status: 'received',
    file_name: file.fileName,
    size_bytes: file.sizeBytes,
    total_rows: null,
    total: null,
    estimated_seconds_left: null,
    recorded: 0,
    detected: null,
    columns: null,
    ignored_columns: null,
    broken_records: null,
    warnings: null,
    segment_warnings: null,
    names_changed: 0,
    renaming_rows: null,
    shared_addresses: 0,
    shared_names: null,
    failure: null,
    duplicate_of: file.duplicateOf ?? null,
    sender: file.sender ?? null,
    created_at: file.receivedAt,
    received_at: file.receivedAt,
    started_at: null,
    finished_at: null,
    ...zeroCounts(),
  };
}

/** What a caller that may send files but not read uploads learns of one by its id: its status, and nothing of its file. */
export function withoutDetails({ id, status }: UploadRecord): UploadRecord {
  const bare = receivedUpload({ id, fileName: '', sizeBytes: 0, receivedAt: new Date() });
  return { ...bare, status, size_bytes: null, received_at: null };
}

/** Seconds after which a client should ask for the progress: a small file is imported by then. */
const FOLLOW_AFTER_SECONDS = 1;

/** The answer when a whole file has been received. */
export type Accepted = { status: 202; headers: Record<string, string>; body: UploadResource };

export function accepted(upload: UploadRecord): Accepted {
  const headers = { Location: `/v1/uploads/${upload.id}`, 'Retry-After': String(FOLLOW_AFTER_SECONDS) };
  return { status: 202, headers, body: toUploadResource(upload) };
}

/** Rounded down, so that it is 1 only when every row has an outcome. */
function progressOf({ total, recorded }: UploadRecord): number | null {
  if (total === null) return null;
  return recorded >= total ? 1 : Math.floor((recorded / total) * 1000) / 1000;
}

/** An upload that was read before a column was added has none for it. */
function toSources(columns: UploadRecord['columns']): UploadResource['columns'] {
  return columns && byColumn((column) => columns[column] ?? null);
}

function pickCounts(counts: OutcomeCounts): OutcomeCounts {
  return byOutcome((outcome) => counts[outcome]);
}

function toIso(date: Date | null): string | null {
  return date === null ? null : date.toISOString();
}
