import { SQS_BATCH_SIZE, WEBHOOK_WAKE } from '@rowferry/aws';
import { Duration } from 'aws-cdk-lib';
import * as events from 'aws-cdk-lib/aws-events';
import { SqsQueue } from 'aws-cdk-lib/aws-events-targets';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { Database } from './database.ts';
import { allow, type Context, createFunction, LEAST_CONCURRENCY, readQueue, roleOf } from './functions.ts';
import type { Network } from './network.ts';
import { QUEUE_TIMEOUT_SECONDS, type QueueWithDlq, queueWithDlq } from './queues.ts';

/** Connections of one container of those that use the database (apps/webhook-lambda/src/lambda.ts). */
export const WEBHOOK_POOL_MAX = 1;

/** Attempts at the same time: ten a call. As many as there are claims at the same time, at most. */
const SENDERS = 4;

/** What finds due attempts of which no message says so. */
const WAKE = events.RuleTargetInput.fromObject(WEBHOOK_WAKE);

export type WebhookFunctions = Record<'webhooks' | 'webhookSender' | 'webhookAnswers', lambda.Function>;
export type Webhooks = {
  functions: WebhookFunctions;
  /** `events` is to be subscribed to the topic. */
  queues: Record<'events' | 'requests' | 'answers', QueueWithDlq>;
};

/**
 * Webhooks: one function plans attempts and one records them, in the database's network, which has no way out. The one that makes them
 * is in no network of ours: it can reach the internet, no database and no secret (docs/decisions/0022-webhooks.md).
 */
export function createWebhooks(
  scope: Construct,
  context: Context,
  { network, database }: { network: Network; database: Database },
): Webhooks {
  const queues = {
    events: queueWithDlq(scope, 'Webhooks'),
    requests: queueWithDlq(scope, 'WebhookRequests'),
    answers: queueWithDlq(scope, 'WebhookAnswers'),
  };
  const planner = (id: string, handler: string) => {
    const created = createFunction(scope, id, context, {
      bundle: 'webhook',
      handler,
      timeoutSeconds: QUEUE_TIMEOUT_SECONDS,
      environment: {
        ...database.environment,
        WEBHOOKS_QUEUE_URL: queues.events.queue.queueUrl,
        WEBHOOK_REQUESTS_QUEUE_URL: queues.requests.queue.queueUrl,
      },
      network,
    });
    database.grantConnect(roleOf(created));
    for (const { queue } of [queues.events, queues.requests]) allow(created, ['sqs:SendMessage'], queue);
    return created;
  };
  const functions = {
    webhooks: planner('webhooks', 'webhookHandler'),
    webhookAnswers: planner('webhook-answers', 'webhookAnswerHandler'),
    webhookSender: createFunction(scope, 'webhook-sender', context, {
      bundle: 'webhook-sender',
      handler: 'webhookSendHandler',
      timeoutSeconds: QUEUE_TIMEOUT_SECONDS,
      environment: { WEBHOOK_ANSWERS_QUEUE_URL: queues.answers.queue.queueUrl },
    }),
  };
  allow(functions.webhookSender, ['sqs:SendMessage'], queues.answers.queue);
  const few = { batchSize: SQS_BATCH_SIZE, maxConcurrency: LEAST_CONCURRENCY };
  readQueue(functions.webhooks, queues.events.queue, few);
  readQueue(functions.webhookAnswers, queues.answers.queue, few);
  readQueue(functions.webhookSender, queues.requests.queue, { batchSize: SQS_BATCH_SIZE, maxConcurrency: SENDERS });
  new events.Rule(scope, 'WebhookSweep', {
    schedule: events.Schedule.rate(Duration.minutes(1)),
    targets: [new SqsQueue(queues.events.queue, { message: WAKE })],
  });
  return { functions, queues };
}
