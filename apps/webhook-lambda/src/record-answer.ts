import { recordAttempt } from '@rowferry/database';
import { type AttemptAnswer, decideAfter } from '@rowferry/webhooks';
import { nowOf, WAKE_MAX_SECONDS, type WebhookSettings } from './webhook-settings.ts';

/** Records how an attempt ended, and has the next one made at its time. Doing it again changes nothing. */
export async function recordAnswer(settings: Omit<WebhookSettings, 'dispatch'>, answer: AttemptAnswer): Promise<void> {
  const now = nowOf(settings);
  const { deliveryId, attempt, durationMs, httpStatus, error } = answer;
  const recorded = await recordAttempt(
    settings.database,
    { deliveryId, attempt, at: new Date(answer.at), durationMs, httpStatus, error },
    (state) => decideAfter(answer, state, now),
    now,
  );
  if (recorded === undefined) return;
  const { webhookId, type, decision } = recorded;
  const log = settings.logger.child({ webhookId, deliveryId, type, attempt, httpStatus, error });
  switch (decision.kind) {
    case 'delivered':
      return log.debug('webhook delivered');
    case 'failed':
      log.warn({ metrics: { FailedWebhookDeliveries: 1 } }, 'webhook delivery failed for good');
      if (decision.disable !== undefined) log.warn({ reason: decision.disable }, 'webhook disabled');
      return;
    case 'retry':
      log.info({ nextAttemptAt: decision.at }, 'webhook attempt failed');
      return wakeAt(settings, decision.at, now);
  }
}

/** Longer waits than a queue's are left to the sweep, and so are those whose message is lost. */
async function wakeAt({ wakeAfter, logger }: Omit<WebhookSettings, 'dispatch'>, at: Date, now: Date): Promise<void> {
  const seconds = Math.ceil((at.getTime() - now.getTime()) / 1000);
  if (seconds > WAKE_MAX_SECONDS) return;
  await wakeAfter(Math.max(0, seconds)).catch((error: unknown) =>
    logger.warn({ err: error }, 'waking for a webhook failed; the next sweep finds it'),
  );
}
