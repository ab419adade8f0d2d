import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { toJsonb } from '../connection/sql-values.ts';
import { recordEvent } from '../events/record-event.ts';
import {
  BACKFILL_COLUMNS,
  type BackfillCounts,
  type BackfillReason,
  type BackfillRecord,
  type StoredBackfill,
} from './backfill-record.ts';
import { countBackfill, withCounts } from './find-backfill.ts';

const SUMMARISE = statement('update backfills set summary = :summary where id = :id and finished_at is null');

/** Counts the files and rows of a backfill whose files have ended, and keeps that. Calling it again counts again. */
export async function summariseBackfill(database: Database, id: string): Promise<BackfillCounts> {
  const counts = await countBackfill(database, id);
  await query(database, SUMMARISE, { id, summary: toJsonb(counts) });
  return counts;
}

const FINISH = statement(`
  update backfills set finished_at = now()
  where id = ? and finished_at is null and summary is not null
  returning ${BACKFILL_COLUMNS}`);

/**
 * Ends a backfill that was summarised.
 *
 * @param onFinished called in the same transaction, once for a backfill.
 */
export async function finishBackfill(
  database: Database,
  id: string,
  onFinished: (transaction: Database, backfill: BackfillRecord) => Promise<void>,
): Promise<void> {
  await database.transaction(async (transaction) => {
    const [finished] = await query<StoredBackfill>(transaction, FINISH, [id]);
    if (finished !== undefined) await onFinished(transaction, await withCounts(transaction, finished));
  });
}

const LEAVE_FILES = statement(`
  update backfill_files set state = 'skipped', reason = :reason
  where backfill_id = :id and state in ('waiting', 'running')`);
const FAIL = statement(`
  update backfills set failure = :failure, summary = :summary, finished_at = now()
  where id = :id and finished_at is null returning ${BACKFILL_COLUMNS}`);
const LOCK = statement('select id from backfills where id = ? and finished_at is null for update');

/**
 * Ends a backfill as failed, and records the event of it. The files that it did not get to are free for another; uploads that were started go on by
 * themselves.
 *
 * @returns the backfill; undefined when it had ended before.
 */
export async function failBackfill(
  database: Database,
  id: string,
  failure: BackfillReason,
): Promise<BackfillRecord | undefined> {
  return database.transaction(async (transaction) => {
    if ((await query(transaction, LOCK, [id])).length === 0) return undefined;
    const reason = { code: 'backfill_failed', detail: 'The backfill failed before this file was finished.' };
    await query(transaction, LEAVE_FILES, { id, reason: toJsonb(reason) });
    const summary = toJsonb(await countBackfill(transaction, id));
    const [failed] = await query<StoredBackfill>(transaction, FAIL, { id, failure: toJsonb(failure), summary });
    if (failed === undefined) return undefined;
    await recordEvent(transaction, {
      type: 'backfill.failed',
      subject: id,
      occurrence: 'end',
      data: { backfillId: id, code: failure.code, link: `/v1/backfills/${id}` },
    });
    return withCounts(transaction, failed);
  });
}
