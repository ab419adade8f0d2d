import type { AttemptRecord, DeliveryRecord, WebhookRecord } from '@rowferry/database';
import type { AttemptError } from '@rowferry/webhooks';

export function toWebhookResource({ id, url, types, description, ...webhook }: WebhookRecord) {
  return {
    id,
    url,
    types,
    description,
    createdAt: webhook.created_at.toISOString(),
    lastDeliveredAt: webhook.last_success_at?.toISOString() ?? null,
    disabledAt: webhook.disabled_at?.toISOString() ?? null,
    disabledReason: webhook.disabled_reason,
    previousSecretUntil: webhook.previous_secret_until?.toISOString() ?? null,
  };
}

export function toDeliveryResource({ id, event_id, type, status, created_at, next_attempt_at, log }: DeliveryRecord) {
  return {
    id,
    eventId: event_id,
    type,
    status,
    createdAt: created_at.toISOString(),
    nextAttemptAt: next_attempt_at?.toISOString() ?? null,
    attempts: log.map(toAttempt),
  };
}

function toAttempt({ at, error, ...attempt }: AttemptRecord) {
  // Written by nobody but the handler of answers, which checks it.
  return { ...attempt, at: new Date(at).toISOString(), error: error as AttemptError | null };
}
