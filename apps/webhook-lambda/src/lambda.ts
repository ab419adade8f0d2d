import { AWS_VARIABLES, createSqsClient, databasePassword } from '@rowferry/aws';
import { connect } from '@rowferry/database';
import { createLogger, readEnvironment } from '@rowferry/runtime';
import { createAnswerHandler } from './answer-handler.ts';
import { createWebhookHandler } from './webhook-handler.ts';
import { dispatchTo, wakeThrough } from './webhook-queues.ts';

const environment = readEnvironment([
  ...AWS_VARIABLES,
  'DATABASE_URL',
  'WEBHOOKS_QUEUE_URL',
  'WEBHOOK_REQUESTS_QUEUE_URL',
  'LOG_LEVEL',
]);
const logger = createLogger('webhooks', environment.LOG_LEVEL);
const sqs = createSqsClient(environment);

/** A container runs one invocation at a time, and that asks for one thing after the other. */
const POOL_MAX = 1;

const settings = {
  database: connect({
    url: environment.DATABASE_URL,
    password: databasePassword(environment, sqs),
    poolMax: POOL_MAX,
    onWarning: (message) => logger.warn(message),
  }),
  logger,
  dispatch: dispatchTo(sqs, environment.WEBHOOK_REQUESTS_QUEUE_URL),
  wakeAfter: wakeThrough(sqs, environment.WEBHOOKS_QUEUE_URL),
};

/** What AWS Lambda calls for the webhook queue: events, and wakes by time. */
export const webhookHandler = createWebhookHandler(settings);

/** What AWS Lambda calls for the queue of answers. */
export const webhookAnswerHandler = createAnswerHandler(settings);
