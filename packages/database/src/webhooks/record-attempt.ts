import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { disableWebhook } from './disable-webhook.ts';
import type { DisabledReason } from './webhooks.ts';

/** An attempt that was made. */
export type DeliveryAttempt = {
  deliveryId: string;
  attempt: number;
  at: Date;
  durationMs: number;
  httpStatus: number | null;
  /** Null: delivered. */
  error: string | null;
};

/** What there is to know for deciding what becomes of a delivery; see `decideAfter` of packages/webhooks. */
export type DeliveryState = { failures: number; expiresAt: Date; lastSuccessAt: Date | null };

export type DeliveryDecision =
  | { kind: 'delivered' }
  | { kind: 'retry'; at: Date }
  | { kind: 'failed'; disable: DisabledReason | undefined };

/** What was recorded. `webhookId` and `type` are for the log. */
export type RecordedAttempt = { webhookId: string; type: string; decision: DeliveryDecision };

/** A delivery that has taken the attempt already, or is gone with its webhook, has none. */
const FIND_ATTEMPTED = statement(`
  select d.webhook_id as "webhookId", d.type, d.failures, d.expires_at as "expiresAt", w.last_success_at as "lastSuccessAt"
  from webhook_deliveries d join webhooks w on w.id = d.webhook_id
  where d.id = :deliveryId and d.status = 'pending' and d.attempts = :attempt - 1
  for update of w, d`);

const ADD_ATTEMPT = statement(`
  insert into webhook_attempts (delivery_id, attempt, attempted_at, duration_ms, http_status, error)
  values (:deliveryId, :attempt, :at, :durationMs, :httpStatus, :error)`);

const UPDATE_DELIVERY = statement(`
  update webhook_deliveries
  set attempts = :attempt, failures = :failures, status = :status, next_attempt_at = :nextAttemptAt, claimed_until = null
  where id = :deliveryId`);

const NOTE_SUCCESS = statement('update webhooks set last_success_at = :now where id = :webhookId');

/**
 * Records an attempt and what becomes of the delivery, and of its webhook.
 *
 * @returns undefined when there is nothing to record: its answer came twice, or the webhook was deleted.
 */
export async function recordAttempt(
  database: Database,
  attempt: DeliveryAttempt,
  decide: (state: DeliveryState) => DeliveryDecision,
  now: Date,
): Promise<RecordedAttempt | undefined> {
  return database.transaction(async (trx) => {
    const [found] = await query<DeliveryState & { webhookId: string; type: string }>(trx, FIND_ATTEMPTED, attempt);
    if (found === undefined) return undefined;
    const { webhookId, type } = found;
    const failures = attempt.error === null ? found.failures : found.failures + 1;
    const decision = decide({ ...found, failures });
    await query(trx, ADD_ATTEMPT, attempt);
    await query(trx, UPDATE_DELIVERY, {
      deliveryId: attempt.deliveryId,
      attempt: attempt.attempt,
      failures,
      status: decision.kind === 'retry' ? 'pending' : decision.kind,
      nextAttemptAt: decision.kind === 'retry' ? decision.at : null,
    });
    if (decision.kind === 'delivered') await query(trx, NOTE_SUCCESS, { webhookId, now });
    if (decision.kind === 'failed' && decision.disable !== undefined)
      await disableWebhook(trx, webhookId, decision.disable, now);
    return { webhookId, type, decision };
  });
}
