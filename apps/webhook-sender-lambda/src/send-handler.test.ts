import { randomUUID } from 'node:crypto';
import { setupAws, takeAll } from '@rowferry/testing';
import type { AttemptRequest } from '@rowferry/webhooks';
import type { SQSEvent } from 'aws-lambda';
import { expect, test } from 'vitest';
import { createSendHandler } from './send-handler.ts';

const answerTo = ({ deliveryId, attempt }: AttemptRequest) => ({
  deliveryId,
  attempt,
  at: new Date().toISOString(),
  durationMs: 1,
  httpStatus: 204,
  error: null,
  retryAfterSeconds: null,
});

async function setup() {
  const { sqs, rowQueueUrl: answersQueueUrl, log } = await setupAws();
  const sent: AttemptRequest[] = [];
  const send = async (request: AttemptRequest) => {
    sent.push(request);
    return answerTo(request);
  };
  const settings = { send, sqs, answersQueueUrl, logger: log.logger };
  return {
    ...settings,
    sent,
    answers: async () => (await takeAll(sqs, answersQueueUrl)).map(({ Body = '' }) => JSON.parse(Body)),
  };
}

function aRequest(beginsWithinMs = 30_000): AttemptRequest {
  const notAfter = new Date(Date.now() + beginsWithinMs).toISOString();
  return { deliveryId: randomUUID(), attempt: 2, url: 'https://x.example/', headers: {}, body: '{}', notAfter };
}

/** Of a record the handler reads no more than that. */
const eventOf = (...bodies: unknown[]) =>
  ({ Records: bodies.map((body, index) => ({ messageId: String(index), body: JSON.stringify(body) })) }) as SQSEvent;

test('attempts are made at the same time, and answered; one that comes too late is not made', async () => {
  const { sent, answers, ...settings } = await setup();
  const [one, two, late] = [aRequest(), aRequest(), aRequest(-1)];

  const response = await createSendHandler(settings)(eventOf(one, late, two));

  expect(response).toEqual({ batchItemFailures: [] });
  expect(sent).toEqual([one, two]);
  expect(new Set((await answers()).map(({ deliveryId, attempt }) => `${deliveryId} ${attempt}`))).toEqual(
    new Set([`${one.deliveryId} 2`, `${two.deliveryId} 2`]),
  );
});

test('what is no request, or has no answer, comes again; the others are answered', async () => {
  const { answers, ...settings } = await setup();
  const [good, bad] = [aRequest(), aRequest()];
  const send = async (request: AttemptRequest) => {
    if (request.deliveryId === bad.deliveryId) throw new Error('a bug');
    return answerTo(request);
  };

  const response = await createSendHandler({ ...settings, send })(eventOf({ url: 'x' }, bad, good));

  expect(response).toEqual({ batchItemFailures: [{ itemIdentifier: '0' }, { itemIdentifier: '1' }] });
  expect(await answers()).toMatchObject([{ deliveryId: good.deliveryId }]);
});
