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
  /** Only what came later than the notification with this id. */
  after: string | undefined;
  limit: number;
  offset: number;
};

export type NotificationList = { notifications: NotificationRecord[]; total: number; unread: number };

const READ_UP_TO = `coalesce((select read_up_to from notification_readers where caller = :caller), 0)`;
/** All when neither is given. An `after` that is not kept any more is below all that are. */
const IS_ASKED_FOR = `
  (:severity::text is null or severity = :severity)
  and sequence > coalesce((select sequence from notifications where id = :after::uuid), 0)`;

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
  const filter = { ...which, severity: which.severity ?? null, after: which.after ?? null };
  const [notifications, [counts]] = await Promise.all([
    query<NotificationRecord>(database, LIST_NOTIFICATIONS, { ...filter, limit, offset }),
    query<{ total: number; unread: number }>(database, COUNT_NOTIFICATIONS, filter),
  ]);
  return { notifications, total: counts?.total ?? 0, unread: counts?.unread ?? 0 };
}

// Never back: two windows of one person may say it in either order.
const MARK_READ = statement(`
  insert into notification_readers as r (caller, read_up_to)
  select :caller, sequence from notifications where id = :id
  on conflict (caller) do update set read_up_to = greatest(r.read_up_to, excluded.read_up_to), read_at = now()
  returning caller`);

/** Marks a notification and all that came before it as read by a caller. @returns whether there is such a notification. */
export async function markNotificationsRead(
  database: Database,
  { caller, id }: { caller: string; id: string },
): Promise<boolean> {
  return (await query(database, MARK_READ, { caller, id })).length > 0;
}
