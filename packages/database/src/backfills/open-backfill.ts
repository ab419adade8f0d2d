import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { BACKFILL_COLUMNS, type StoredBackfill } from './backfill-record.ts';

export type NewBackfill = Pick<StoredBackfill, 'id' | 'bucket' | 'prefix' | 'profile' | 'settings_id' | 'concurrency'>;

/** The channel on which a new backfill is announced, so that a worker need not wait for its next look. */
export const OPENED_BACKFILLS = 'rowferry_opened_backfills';

const OPEN_BACKFILL = statement(`
  with opened as (
    insert into backfills (id, bucket, prefix, profile, settings_id, concurrency)
    values (:id, :bucket, :prefix, :profile, :settings_id, :concurrency)
    on conflict (bucket, prefix) where finished_at is null do nothing
    returning ${BACKFILL_COLUMNS}
  )
  select ${BACKFILL_COLUMNS}, pg_notify(:channel, id::text) from opened`);

const FIND_OPEN_BACKFILL = statement(
  `select ${BACKFILL_COLUMNS} from backfills where bucket = ? and prefix = ? and finished_at is null`,
);

/**
 * Enters a backfill, unless one of the same prefix is running. Announces a new one on `OPENED_BACKFILLS`.
 *
 * @returns the backfill that is running now, and whether it is the new one.
 */
export async function openBackfill(
  database: Database,
  backfill: NewBackfill,
): Promise<{ backfill: StoredBackfill; isNew: boolean }> {
  for (;;) {
    const [opened] = await query<StoredBackfill>(database, OPEN_BACKFILL, { ...backfill, channel: OPENED_BACKFILLS });
    if (opened !== undefined) return { backfill: opened, isNew: true };
    const [running] = await query<StoredBackfill>(database, FIND_OPEN_BACKFILL, [backfill.bucket, backfill.prefix]);
    // None: it has ended between the two statements.
    if (running !== undefined) return { backfill: running, isNew: false };
  }
}

const TOUCH_BACKFILL = statement(
  `update backfills set touched_at = now() where id = ? and touched_at < now() - interval '30 seconds'`,
);

/** Notes that the tasks of a backfill are running. */
export async function touchBackfill(database: Database, id: string): Promise<void> {
  await query(database, TOUCH_BACKFILL, [id]);
}
