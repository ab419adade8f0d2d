import type { Database } from '../connection/connect.ts';

export type DeliveryFailure = { messageId: string; reason: string };

/** Keeps why messages failed, so that their rows can say it if they die. */
export async function saveFailureReasons(database: Database, failures: readonly DeliveryFailure[]): Promise<void> {
  await database.raw(
    `insert into delivery_failures as f (message_id, reason)
     select distinct on (message_id) message_id, reason from unnest(?::text[], ?::text[]) as t (message_id, reason)
     order by message_id
     on conflict (message_id) do update set reason = excluded.reason, failed_at = now()`,
    [failures.map(({ messageId }) => messageId), failures.map(({ reason }) => reason)],
  );
}

/** Forgets them when the messages landed after all. */
export async function clearFailureReasons(database: Database, messageIds: readonly string[]): Promise<void> {
  await database.raw('delete from delivery_failures where message_id = any (?::text[])', [[...messageIds]]);
}
