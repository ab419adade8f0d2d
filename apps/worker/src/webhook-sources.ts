import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Database } from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';
import { createWebhookHandler, wakeThrough } from '@rowferry/webhook-lambda';
import type { SenderSettings } from '@rowferry/webhooks';
import { EVENT_POLLING } from './event-sources.ts';
import { QueuePoller } from './queue-poller.ts';
import { WebhookDelivery } from './webhook-delivery.ts';

export type WebhookSourceSettings = {
  /** Undefined: no webhook is called. */
  webhooksQueueUrl: string | undefined;
  webhookSender: SenderSettings;
};

type Settings = WebhookSourceSettings & { database: Database; sqs: SQSClient; logger: Logger };

/** What reads the queue of events for webhooks, and what calls them. */
export function webhookSources({ webhooksQueueUrl: queueUrl, webhookSender, ...settings }: Settings): {
  stop(): Promise<void>;
}[] {
  if (queueUrl === undefined) return [];
  const { database, sqs, logger } = settings;
  const parts = { database, logger, wakeAfter: wakeThrough(sqs, queueUrl) };
  const delivery = new WebhookDelivery({ ...parts, sender: webhookSender });
  const handler = createWebhookHandler({ ...parts, dispatch: delivery.dispatch });
  return [new QueuePoller({ ...EVENT_POLLING, sqs, logger, queueUrl, handler }), delivery];
}
