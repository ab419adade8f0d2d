import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';

/** An event to be delivered. `body` is sent as it is. */
export type DeliverableEvent = { id: string; type: string; body: string };

/** The same event may come twice, also at the same time: each webhook has one delivery of it. */
const PLAN_DELIVERIES = statement(`
  insert into webhook_deliveries (webhook_id, event_id, type, body, created_at, next_attempt_at, expires_at)
  select id, cast(:id as uuid), :type, :body, :now, :now, :expiresAt
  from webhooks where disabled_at is null and :type = any (types)
  on conflict (webhook_id, event_id) do nothing
  returning id`);

/** Makes a delivery of the event for each webhook that wants its type, due at once. @returns how many are new. */
export async function planDeliveries(
  database: Database,
  event: DeliverableEvent,
  { now, expiresAt }: { now: Date; expiresAt: Date },
): Promise<number> {
  const planned = await query(database, PLAN_DELIVERIES, { ...event, now, expiresAt });
  return planned.length;
}

const DELETE_OLD_DELIVERIES = statement(`
  with old as (
    delete from webhook_deliveries where created_at < :before and status <> 'pending' returning 1
  )
  select count(*) as count from old`);

/** Deletes what was delivered or has failed, and its attempts. @returns how many. */
export async function deleteOldDeliveries(database: Database, before: Date): Promise<number> {
  const [old] = await query<{ count: number }>(database, DELETE_OLD_DELIVERIES, { before });
  return old?.count ?? 0;
}
