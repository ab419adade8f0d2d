import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';

export type DeliveryStatus = 'pending' | 'delivered' | 'failed';

export type AttemptRecord = {
  attempt: number;
  /** ISO 8601, in the time zone of the session. */
  at: string;
  durationMs: number;
  httpStatus: number | null;
  error: string | null;
};

export type DeliveryRecord = {
  id: string;
  event_id: string;
  type: string;
  status: DeliveryStatus;
  attempts: number;
  created_at: Date;
  next_attempt_at: Date | null;
  /** The last ones, oldest first. */
  log: AttemptRecord[];
};

/** Attempts that are shown of a delivery: a day has twelve. */
export const SHOWN_ATTEMPTS_MAX = 20;

const COLUMNS = `d.id, d.event_id, d.type, d.status, d.attempts, d.created_at, d.next_attempt_at,
  coalesce((
    select jsonb_agg(
      jsonb_build_object('attempt', attempt, 'at', attempted_at, 'durationMs', duration_ms, 'httpStatus', http_status, 'error', error)
      order by attempt)
    from webhook_attempts where delivery_id = d.id and attempt > d.attempts - ${SHOWN_ATTEMPTS_MAX}
  ), '[]') as log`;

const LIST_DELIVERIES = statement(`
  select ${COLUMNS} from webhook_deliveries d where d.webhook_id = :webhookId
  order by d.created_at desc, d.id limit :limit offset :offset`);
const COUNT_DELIVERIES = statement('select count(*) as total from webhook_deliveries where webhook_id = ?');

/** One page of a webhook's deliveries, newest first. */
export async function listDeliveries(
  database: Database,
  webhookId: string,
  page: { limit: number; offset: number },
): Promise<{ deliveries: DeliveryRecord[]; total: number }> {
  const [deliveries, [counted]] = await Promise.all([
    query<DeliveryRecord>(database, LIST_DELIVERIES, { webhookId, ...page }),
    query<{ total: number }>(database, COUNT_DELIVERIES, [webhookId]),
  ]);
  return { deliveries, total: counted?.total ?? 0 };
}

/** One that is attempted at this moment stays its attempt's: the next one comes after it. */
const REPLAY_DELIVERY = statement(`
  update webhook_deliveries d
  set status = 'pending', next_attempt_at = :now, expires_at = :expiresAt, failures = 0
  where d.id = :id and d.webhook_id = :webhookId
  returning ${COLUMNS}`);

/** Makes a delivery due now, whatever became of it, and begins its window anew. @returns undefined when there is none. */
export async function replayDelivery(
  database: Database,
  { webhookId, id }: { webhookId: string; id: string },
  { now, expiresAt }: { now: Date; expiresAt: Date },
): Promise<DeliveryRecord | undefined> {
  const [replayed] = await query<DeliveryRecord>(database, REPLAY_DELIVERY, { webhookId, id, now, expiresAt });
  return replayed;
}
