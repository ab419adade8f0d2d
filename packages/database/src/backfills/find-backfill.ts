import { byOutcome, type OutcomeCounts } from '@rowferry/roster';
import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { eachOutcome } from '../uploads/upload-counts.ts';
import {
  BACKFILL_COLUMNS,
  BACKFILL_FILE_STATES,
  type BackfillCounts,
  type BackfillFileState,
  type BackfillRecord,
  type StoredBackfill,
  statusOf,
} from './backfill-record.ts';

const COUNT_BACKFILL = statement(`
  select files.*, rows.*
  from (
    select ${BACKFILL_FILE_STATES.map((state) => `count(*) filter (where state = '${state}') as ${state}`).join(', ')}
    from backfill_files where backfill_id = :id
  ) files
  cross join (
    select ${eachOutcome((outcome) => `coalesce(sum(${outcome}), 0)::bigint as ${outcome}`)}
    from upload_counts where upload_id in (select upload_id from backfill_files where backfill_id = :id)
  ) rows`);

/** Files by state, and rows by outcome, as of now. */
export async function countBackfill(database: Database, id: string): Promise<BackfillCounts> {
  const [row] = await query<Record<BackfillFileState, number> & OutcomeCounts>(database, COUNT_BACKFILL, { id });
  if (row === undefined) throw new Error('Postgres did not count');
  const { waiting, running, done, failed, skipped } = row;
  return { files: { waiting, running, done, failed, skipped }, rows: byOutcome((outcome) => row[outcome]) };
}

const FIND_BACKFILL = statement(`select ${BACKFILL_COLUMNS} from backfills where id = ?`);

/** The backfill without its counts. */
export async function findStoredBackfill(database: Database, id: string): Promise<StoredBackfill | undefined> {
  const [backfill] = await query<StoredBackfill>(database, FIND_BACKFILL, [id]);
  return backfill;
}

export async function findBackfill(database: Database, id: string): Promise<BackfillRecord | undefined> {
  const backfill = await findStoredBackfill(database, id);
  return backfill && withCounts(database, backfill);
}

const LIST_BACKFILLS = statement(`select ${BACKFILL_COLUMNS} from backfills order by id desc limit ? offset ?`);
const COUNT_BACKFILLS = statement('select count(*) as total from backfills');

/** One page of all backfills, newest first. */
export async function listBackfills(
  database: Database,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ backfills: BackfillRecord[]; total: number }> {
  const [stored, [count]] = await Promise.all([
    query<StoredBackfill>(database, LIST_BACKFILLS, [limit, offset]),
    query<{ total: number }>(database, COUNT_BACKFILLS),
  ]);
  const backfills = await Promise.all(stored.map((backfill) => withCounts(database, backfill)));
  return { backfills, total: count?.total ?? 0 };
}

const FIND_OPEN_BACKFILLS = statement(
  `select ${BACKFILL_COLUMNS} from backfills where finished_at is null and bucket = ? order by id`,
);

/** The backfills of a bucket that have not ended, oldest first. There are few. */
export async function findOpenBackfills(database: Database, bucket: string): Promise<StoredBackfill[]> {
  return query<StoredBackfill>(database, FIND_OPEN_BACKFILLS, [bucket]);
}

/** What has ended was counted then: that may have been a million files. */
export async function withCounts(database: Database, backfill: StoredBackfill): Promise<BackfillRecord> {
  const counts =
    backfill.finished_at === null || backfill.summary === null
      ? await countBackfill(database, backfill.id)
      : asOfNow(backfill.summary);
  return { ...backfill, ...counts, status: statusOf(backfill, counts) };
}

/** A summary of before an outcome was added lacks it. */
function asOfNow({ files, rows }: BackfillCounts): BackfillCounts {
  const known: Partial<OutcomeCounts> = rows;
  return { files, rows: byOutcome((outcome) => known[outcome] ?? 0) };
}
