import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { recordEvent } from '../events/record-event.ts';
import type { DisabledReason } from './webhooks.ts';

const DISABLE_WEBHOOK = statement(`
  update webhooks set disabled_at = :now, disabled_reason = :reason where id = :id and disabled_at is null returning id`);

/** Nobody would attempt them again. */
const FAIL_PENDING = statement(`
  update webhook_deliveries set status = 'failed', next_attempt_at = null, claimed_until = null
  where webhook_id = ? and status = 'pending'`);

/** Calls it no more: what is pending has failed, and an alert says so. Of one that is disabled already, nothing changes. */
export async function disableWebhook(trx: Database, id: string, reason: DisabledReason, now: Date): Promise<void> {
  const [disabled] = await query(trx, DISABLE_WEBHOOK, { id, reason, now });
  if (disabled === undefined) return;
  await query(trx, FAIL_PENDING, [id]);
  await recordEvent(trx, {
    type: 'webhook.disabled',
    subject: id,
    data: { webhookId: id, code: reason, link: `/v1/webhooks/${id}` },
  });
}
