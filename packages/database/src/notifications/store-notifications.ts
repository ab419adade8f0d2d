import type { Event } from '@rowferry/messages';
import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { toJsonb } from '../connection/sql-values.ts';

/** Any number: it names the lock of who stores notifications. */
const STORE_LOCK = 0x6e6f7469;

// One after the other, so that who has read up to a number has seen all below it.
const TAKE_LOCK = statement('select pg_advisory_xact_lock(?)');

const STORE_NOTIFICATIONS = statement(`
  insert into notifications (id, type, severity, data, occurred_at)
  select * from unnest(:ids::uuid[], :types::text[], :severities::text[], :data::jsonb[], :times::timestamptz[])
    as n (id, type, severity, data, occurred_at)
  order by occurred_at, id
  on conflict (id) do nothing
  returning type`);

/** Stores events as notifications, each once. @returns the types of those that were not stored before. */
export async function storeNotifications(database: Database, events: readonly Event[]): Promise<string[]> {
  return database.transaction(async (transaction) => {
    await query(transaction, TAKE_LOCK, [STORE_LOCK]);
    const stored = await query<{ type: string }>(transaction, STORE_NOTIFICATIONS, {
      ids: events.map(({ id }) => id),
      types: events.map(({ type }) => type),
      severities: events.map(({ severity }) => severity),
      data: events.map(({ data }) => toJsonb(data)),
      times: events.map(({ time }) => time),
    });
    return stored.map(({ type }) => type);
  });
}

/** Days for which a notification is kept. */
const KEPT_DAYS = 90;

const DELETE_EXPIRED_NOTIFICATIONS = statement(`
  with expired as (
    delete from notifications where received_at < now() - make_interval(days => ?) returning 1
  )
  select count(*) as count from expired`);

/** Deletes notifications that nobody looks for any more. @returns how many. */
export async function deleteExpiredNotifications(database: Database): Promise<number> {
  const [expired] = await query<{ count: number }>(database, DELETE_EXPIRED_NOTIFICATIONS, [KEPT_DAYS]);
  return expired?.count ?? 0;
}
