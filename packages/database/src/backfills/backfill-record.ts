import type { OutcomeCounts } from '@rowferry/roster';

export const BACKFILL_FILE_STATES = ['waiting', 'running', 'done', 'failed', 'skipped'] as const;

/**
 * `done`: every row has an outcome. `failed`: the file could not be read, or did not get so far. `skipped`: there is nothing to
 * load: it is empty, gone, or larger than the server takes.
 */
export type BackfillFileState = (typeof BACKFILL_FILE_STATES)[number];

/** Why a file was not loaded, or a backfill failed: a stable code, and a sentence. */
export type BackfillReason = { code: string; detail: string };

/** How far a backfill has come. */
export type BackfillCounts = { files: Record<BackfillFileState, number>; rows: OutcomeCounts };

/** A backfill as it is stored. */
export type StoredBackfill = {
  id: string;
  bucket: string;
  prefix: string;
  profile: string | null;
  settings_id: string | null;
  concurrency: number;
  listed_after: string | null;
  listed_at: Date | null;
  unchanged: number;
  failure: BackfillReason | null;
  summary: BackfillCounts | null;
  created_at: Date;
  touched_at: Date;
  finished_at: Date | null;
};

export const BACKFILL_STATUSES = ['running', 'completed', 'completed_with_errors', 'failed'] as const;

export type BackfillStatus = (typeof BACKFILL_STATUSES)[number];

/** A backfill, with its counts as of now, or of when it ended. */
export type BackfillRecord = StoredBackfill & BackfillCounts & { status: BackfillStatus };

/** The columns of a `StoredBackfill`, for `select`. */
export const BACKFILL_COLUMNS = `
  id, bucket, prefix, profile, settings_id, concurrency, listed_after, listed_at, unchanged, failure, summary,
  created_at, touched_at, finished_at`;

export function statusOf({ finished_at, failure }: StoredBackfill, { files }: BackfillCounts): BackfillStatus {
  if (finished_at === null) return 'running';
  if (failure !== null) return 'failed';
  return files.failed > 0 ? 'completed_with_errors' : 'completed';
}
