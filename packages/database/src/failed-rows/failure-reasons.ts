import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { toText } from '../connection/sql-values.ts';

export type DeliveryFailure = { messageId: string; reason: string };

const SAVE_FAILURE_REASONS = statement(`
  insert into delivery_failures as f (message_id, reason)
  select distinct on (message_id) message_id, reason from unnest(?::text[], ?::text[]) as t (message_id, reason)
  order by message_id
  on conflict (message_id) do update set reason = excluded.reason, attempts = f.attempts + 1, failed_at = now()
  returning f.message_id as id, f.attempts`);

/**
 * Saves why messages failed, so that their rows can say so when they are dead.
 *
 * @returns how often each message, by its id, has failed and could say so.
 */
export async function saveFailureReasons(
  database: Database,
  failures: readonly DeliveryFailure[],
): Promise<ReadonlyMap<string, number>> {
  const saved = await query<{ id: string; attempts: number }>(database, SAVE_FAILURE_REASONS, [
    failures.map(({ messageId }) => toText(messageId)),
    failures.map(({ reason }) => toText(reason)),
  ]);
  return new Map(saved.map(({ id, attempts }) => [id, attempts]));
}

const CLEAR_FAILURE_REASONS = statement('delete from delivery_failures where message_id = any (?::text[])');

/** Deletes the reasons of messages that were written after all. */
export async function clearFailureReasons(database: Database, messageIds: readonly string[]): Promise<void> {
  await query(database, CLEAR_FAILURE_REASONS, [[...messageIds]]);
}
