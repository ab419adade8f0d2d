import type { BackfillFile, BackfillRecord } from '@rowferry/database';

export function toBackfillResource(backfill: BackfillRecord) {
  const { id, prefix, profile, concurrency, status, files, unchanged, rows, failure } = backfill;
  return {
    id,
    prefix,
    profile,
    concurrency,
    status,
    listed: backfill.listed_at !== null,
    files,
    unchanged,
    rows,
    failure,
    createdAt: backfill.created_at.toISOString(),
    finishedAt: backfill.finished_at?.toISOString() ?? null,
  };
}

export function toBackfillFileResource({ key, sizeBytes, lastModified, state, reason, uploadId }: BackfillFile) {
  return { key, sizeBytes, lastModified: lastModified.toISOString(), state, reason, uploadId };
}
