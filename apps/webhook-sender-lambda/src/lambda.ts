import { AWS_VARIABLES, createSqsClient } from '@rowferry/aws';
import { createLogger, readEnvironment } from '@rowferry/runtime';
import { sendAttempt } from '@rowferry/webhooks';
import { createSendHandler } from './send-handler.ts';

const environment = readEnvironment([...AWS_VARIABLES, 'WEBHOOK_ANSWERS_QUEUE_URL', 'LOG_LEVEL']);
const logger = createLogger('webhook-sender', environment.LOG_LEVEL);

/**
 * What AWS Lambda calls for the queue of attempts to be made. Private addresses are never allowed here: those of the function's own
 * machine are among them.
 */
export const webhookSendHandler = createSendHandler({
  send: (request) => sendAttempt(request, { allowPrivate: false }),
  sqs: createSqsClient(environment),
  answersQueueUrl: environment.WEBHOOK_ANSWERS_QUEUE_URL,
  logger,
});
