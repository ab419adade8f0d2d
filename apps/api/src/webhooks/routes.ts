import { randomUUID } from 'node:crypto';
import {
  addWebhook,
  type Database,
  deleteWebhook,
  enableWebhook,
  findWebhook,
  listDeliveries,
  listWebhooks,
  replayDelivery,
  rotateWebhookSecret,
  type WebhookRecord,
} from '@rowferry/database';
import { checkWebhookUrl, generateWebhookSecret, hostOf, RETRY_WINDOW_MS } from '@rowferry/webhooks';
import { type Route, serve } from '../contract/serve.ts';
import { offsetOf, pageReply } from '../http/pagination.ts';
import { ApiProblem } from '../problems/api-problem.ts';
import * as contract from './contract.ts';
import { toDeliveryResource, toWebhookResource } from './resource.ts';

/** Each event is planned for all of them. */
const WEBHOOKS_MAX = 100;
/** For so long the previous secret signs as well. */
const ROTATION_MS = 24 * 60 * 60 * 1000;

export type WebhookSettings = {
  database: Database;
  /** Whether webhooks may be of private addresses and of http. */
  allowPrivateWebhooks: boolean;
};

export function webhookRoutes({ database, allowPrivateWebhooks }: WebhookSettings): Route[] {
  return [
    serve(contract.listWebhooks, async ({ query: page }, request) => {
      const all = await listWebhooks(database, new Date());
      const offset = offsetOf(page);
      const shown = all.slice(offset, offset + page.limit).map(toWebhookResource);
      return pageReply(request, page, shown, { total: all.length, totalRelation: 'eq' });
    }),

    serve(contract.createWebhook, async ({ body: { url: text, types, description = null } }, request) => {
      const url = requireUrl(text);
      const id = randomUUID();
      const secret = generateWebhookSecret();
      const webhook = { id, url: url.href, host: hostOf(url), types: [...new Set(types)], description, secret };
      const added = await addWebhook(database, webhook, { now: new Date(), max: WEBHOOKS_MAX });
      if (added === undefined) throw tooMany();
      request.log.info({ webhookId: id, types: webhook.types }, 'webhook created');
      const headers = { Location: `/v1/webhooks/${id}` };
      return { status: 201, headers, body: { ...toWebhookResource(added), secret } };
    }),

    serve(contract.showWebhook, async ({ path: { webhookId } }) => {
      return { status: 200, body: toWebhookResource(await requireWebhook(webhookId, find(webhookId))) };
    }),

    serve(contract.deleteWebhook, async ({ path: { webhookId } }, request) => {
      await deleteWebhook(database, webhookId);
      request.log.info({ webhookId }, 'webhook deleted');
      return { status: 204 };
    }),

    serve(contract.rotateWebhookSecret, async ({ path: { webhookId } }, request) => {
      const secret = generateWebhookSecret();
      const now = new Date();
      const until = new Date(now.getTime() + ROTATION_MS);
      const rotating = rotateWebhookSecret(database, { id: webhookId, secret, now, until });
      const body = { ...toWebhookResource(await requireWebhook(webhookId, rotating)), secret };
      request.log.info({ webhookId }, 'secret of a webhook replaced');
      return { status: 200, body };
    }),

    serve(contract.enableWebhook, async ({ path: { webhookId } }, request) => {
      const enabling = enableWebhook(database, webhookId, new Date());
      const body = toWebhookResource(await requireWebhook(webhookId, enabling));
      request.log.info({ webhookId }, 'webhook enabled');
      return { status: 200, body };
    }),

    serve(contract.listWebhookDeliveries, async ({ path: { webhookId }, query: page }, request) => {
      await requireWebhook(webhookId, find(webhookId));
      const { deliveries, total } = await listDeliveries(database, webhookId, {
        limit: page.limit,
        offset: offsetOf(page),
      });
      return pageReply(request, page, deliveries.map(toDeliveryResource), { total, totalRelation: 'eq' });
    }),

    serve(contract.replayWebhookDelivery, async ({ path: { webhookId, deliveryId } }, request) => {
      const { disabled_at } = await requireWebhook(webhookId, find(webhookId));
      if (disabled_at !== null) throw new ApiProblem('webhook_disabled', 'The webhook is disabled; enable it first.');
      const now = new Date();
      const expiresAt = new Date(now.getTime() + RETRY_WINDOW_MS);
      const replayed = await replayDelivery(database, { webhookId, id: deliveryId }, { now, expiresAt });
      if (replayed === undefined)
        throw new ApiProblem('delivery_not_found', `The webhook has no delivery ${deliveryId}.`);
      request.log.info({ webhookId, deliveryId }, 'webhook delivery replayed');
      return { status: 202, body: toDeliveryResource(replayed) };
    }),
  ];

  function find(id: string): Promise<WebhookRecord | undefined> {
    return findWebhook(database, id, new Date());
  }

  function requireUrl(text: string): URL {
    const checked = checkWebhookUrl(text, { allowPrivate: allowPrivateWebhooks });
    if (checked.ok) return checked.url;
    const errors = [{ parameter: 'url', message: checked.fault }];
    throw new ApiProblem('invalid_body', `url ${checked.fault}.`, { errors });
  }
}

async function requireWebhook(id: string, found: Promise<WebhookRecord | undefined>): Promise<WebhookRecord> {
  const webhook = await found;
  if (webhook === undefined) throw new ApiProblem('webhook_not_found', `There is no webhook ${id}.`);
  return webhook;
}

function tooMany(): ApiProblem {
  return new ApiProblem(
    'too_many_webhooks',
    `There are ${WEBHOOKS_MAX} webhooks already. Delete those that nobody needs; one webhook can be for several types.`,
  );
}
