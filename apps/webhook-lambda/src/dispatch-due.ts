import { type ClaimedDelivery, claimDeliveries } from '@rowferry/database';
import { ATTEMPT_TIMEOUT_MS, type AttemptRequest, signatureHeaders } from '@rowferry/webhooks';
import { nowOf, type WebhookSettings } from './webhook-settings.ts';

/** Attempts at the same time: a host that takes its time holds no more than its share. */
const PER_HOST = 4;
const TOTAL = 40;

/** An attempt that waits in a queue for longer is not made. */
const BEGIN_WITHIN_MS = 30_000;
/** Until its answer must be recorded; after that the delivery is free again. So no attempt begins before the last one has ended. */
const CLAIM_MS = BEGIN_WITHIN_MS + ATTEMPT_TIMEOUT_MS + 15_000;

/** Dispatches what is due, as far as the limits allow. Calling it again, or several at once, dispatches nothing twice. */
export async function dispatchDue(settings: Pick<WebhookSettings, 'database' | 'dispatch' | 'now'>): Promise<void> {
  const now = nowOf(settings);
  const until = new Date(now.getTime() + CLAIM_MS);
  const claimed = await claimDeliveries(settings.database, { now, until, perHost: PER_HOST, total: TOTAL });
  if (claimed.length > 0) await settings.dispatch(claimed.map((delivery) => toRequest(delivery, now)));
}

/** Signed here, so that who sends it needs no secret. */
function toRequest({ id, attempt, url, event_id, body, secrets }: ClaimedDelivery, now: Date): AttemptRequest {
  return {
    deliveryId: id,
    attempt,
    url,
    headers: signatureHeaders({ id: event_id, time: now, body }, secrets),
    body,
    notAfter: new Date(now.getTime() + BEGIN_WITHIN_MS).toISOString(),
  };
}
