import type { Severity } from '@rowferry/messages';
import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';

export type NotificationRecord = {
  sequence: number;
  id: string;
  type: string;
  severity: Severity;
  data: Record<string, unknown>;
  occurred_at: Date;
  is_read: boolean;
};

export type NotificationQuery = {
  /** Who asks: what counts as read depends on it. */
  caller: string;
  severity: Severity | undefined;
  /** Only what came later than the one with this sequence; 0: all. */
  after: number;
  limit: number;
  offset: number;
};

export type NotificationList = { notifications: NotificationRecord[]; total: number; unread: number };

const READ_UP_TO = `coalesce((select read_up_to from notification_readers where caller = :caller), 0)`;
const IS_ASKED_FOR = '(:severity::text is null or severity = :severity) and sequence > :after';

const LIST_NOTIFICATIONS = statement(`
  select sequence, id, type, severity, data, occurred_at, sequence <= ${READ_UP_TO} as is_read
  from notifications where ${IS_ASKED_FOR}
  order by sequence desc limit :limit offset :offset`);

const COUNT_NOTIFICATIONS = statement(`
  select count(*) as total, count(*) filter (where sequence > ${READ_UP_TO}) as unread
  from notifications where ${IS_ASKED_FOR}`);

/** Notifications, newest first: one page, and how many there are in all and unread. */
export async function listNotifications(database: Database, asked: NotificationQuery): Promise<NotificationList> {
  const { limit, offset, ...which } = asked;
  const filter = { ...which, severity: which.severity ?? null };
  const [notifications, [counts]] = await Promise.all([
    query<NotificationRecord>(database, LIST_NOTIFICATIONS, { ...filter, limit, offset }),
    query<{ total: number; unread: number }>(database, COUNT_NOTIFICATIONS, filter),
  ]);
  return { notifications, total: counts?.total ?? 0, unread: counts?.unread ?? 0 };
}

// Never back: two windows of one person may say it in either order. Never ahead: what comes later has not been read.
const MARK_READ = statement(`
  insert into notification_readers as r (caller, read_up_to)
  select :caller, least(:sequence::bigint, (select coalesce(max(sequence), 0) from notifications))
  on conflict (caller) do update set read_up_to = greatest(r.read_up_to, excluded.read_up_to), read_at = now()`);

/** Notes that a caller has read all notifications up to this one. */
export async function markNotificationsRead(
  database: Database,
  { caller, sequence }: { caller: string; sequence: number },
): Promise<void> {
  await query(database, MARK_READ, { caller, sequence });
}

const COUNT_BY_TYPE = statement(
  'select type, count(*) as notifications from notifications group by type order by type',
);

/** How many notifications of each type are kept. */
export async function countNotifications(database: Database): Promise<{ type: string; notifications: number }[]> {
  return query(database, COUNT_BY_TYPE);
}
