import { WEBHOOK_WAKE } from '@rowferry/aws';
import { planDeliveries } from '@rowferry/database';
import { decodeEvent } from '@rowferry/messages';
import { RETRY_WINDOW_MS } from '@rowferry/webhooks';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { dispatchDue } from './dispatch-due.ts';
import { forEachRecord } from './for-each-record.ts';
import { nowOf, type WebhookSettings } from './webhook-settings.ts';

/** A message that says no more than that something may be due. */
export const WAKE_BODY = JSON.stringify(WEBHOOK_WAKE);

/**
 * The handler of the queue that has every event: plans a delivery for each webhook that wants it, and has all attempted that
 * are due. A message that only wakes it does the second.
 */
export function createWebhookHandler(settings: WebhookSettings) {
  return async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const response = await forEachRecord(Records, settings.logger, async ({ body }) => {
      if (body !== WAKE_BODY) await planEvent(settings, body);
    });
    await dispatchDue(settings);
    return response;
  };
}

async function planEvent(settings: WebhookSettings, body: string): Promise<void> {
  const { id, type } = decodeEvent(body);
  const now = nowOf(settings);
  const expiresAt = new Date(now.getTime() + RETRY_WINDOW_MS);
  const deliveries = await planDeliveries(settings.database, { id, type, body }, { now, expiresAt });
  if (deliveries > 0) settings.logger.debug({ eventId: id, type, deliveries }, 'webhook deliveries planned');
}
