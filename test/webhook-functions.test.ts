import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { addWebhook, listDeliveries } from '@rowferry/database';
import { receive, remove, setup, sqsEvent } from '@rowferry/testing';
import { generateWebhookSecret, sendAttempt } from '@rowferry/webhooks';
import { Webhook } from 'standardwebhooks';
import { expect, onTestFinished, test } from 'vitest';
import { createAnswerHandler } from '../apps/webhook-lambda/src/answer-handler.ts';
import { createWebhookHandler } from '../apps/webhook-lambda/src/webhook-handler.ts';
import { dispatchTo, wakeThrough } from '../apps/webhook-lambda/src/webhook-queues.ts';
import { createSendHandler } from '../apps/webhook-sender-lambda/src/send-handler.ts';

/** The three functions as on AWS, with the queues between them; a call of each takes what its queue has. */
async function setupFunctions() {
  const { database, sqs, log, ...queues } = await setup();
  const { rowQueueUrl: requestsUrl, segmentQueueUrl: answersUrl, rowDlqUrl: webhooksUrl } = queues;
  const { logger } = log;
  const dispatch = dispatchTo(sqs, requestsUrl);
  const settings = { database, logger, dispatch, wakeAfter: wakeThrough(sqs, webhooksUrl) };
  const send = (request: Parameters<typeof sendAttempt>[0]) => sendAttempt(request, { allowPrivate: true });
  const sender = createSendHandler({ send, sqs, answersQueueUrl: answersUrl, logger });
  const answers = createAnswerHandler(settings);
  const call = async (queueUrl: string, handler: typeof sender) => {
    const messages = await receive(sqs, queueUrl);
    expect((await handler(sqsEvent(messages))).batchItemFailures).toEqual([]);
    if (messages.length > 0) await remove(sqs, queueUrl, messages);
    return messages.map(({ Body = '' }) => Body);
  };
  return {
    database,
    plan: createWebhookHandler(settings),
    send: () => call(requestsUrl, sender),
    record: () => call(answersUrl, answers),
  };
}

test('an event goes from the function that plans to the one that sends and to the one that records, and no secret with it', async () => {
  const { database, plan, send, record } = await setupFunctions();
  const [id, secret] = [randomUUID(), generateWebhookSecret()];
  const received: unknown[] = [];
  const receiver = createServer(async (request, response) => {
    received.push(new Webhook(secret).verify(await buffer(request), request.headers as Record<string, string>));
    response.writeHead(204).end();
  }).listen(0, '127.0.0.1');
  await once(receiver, 'listening');
  onTestFinished(() => void receiver.close());
  const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/`;
  const webhook = { id, url, host: '127.0.0.1', secret, types: ['upload.completed'], description: null };
  await addWebhook(database, webhook, { now: new Date(), max: 1 });
  const time = new Date().toISOString();
  const event = { id: randomUUID(), type: 'upload.completed', severity: 'info', time, version: 1, data: {} };

  await plan(sqsEvent([{ MessageId: '1', Body: JSON.stringify(event) }]));
  const requests = await send();
  expect(requests).toHaveLength(1);
  expect(requests.join()).not.toContain(secret.slice('whsec_'.length));
  expect(await record()).toHaveLength(1);

  expect(received).toEqual([event]);
  const { deliveries } = await listDeliveries(database, id, { limit: 1, offset: 0 });
  expect(deliveries).toMatchObject([
    { event_id: event.id, status: 'delivered', log: [{ attempt: 1, httpStatus: 204 }] },
  ]);
  expect(await send()).toEqual([]);
});
