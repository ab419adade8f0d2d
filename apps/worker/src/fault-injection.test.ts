import { connect } from '@rowferry/database';
import { deliver, type Fixtures, receive, setup, setupProxy, sqsEvent } from '@rowferry/testing';
import type { SQSEvent } from 'aws-lambda';
import { expect, onTestFinished, test } from 'vitest';
import { withFaults } from './fault-injection.ts';

/** A handler that succeeds with everything, behind faults; `handled` are the bodies that came through. */
function setupFaulty({ database, sqs, rowQueueUrl, log }: Fixtures, rate: number) {
  const handled: string[] = [];
  const handle = async ({ Records }: SQSEvent) => {
    handled.push(...Records.map(({ body }) => body));
    return { batchItemFailures: [] };
  };
  return { handled, handler: withFaults(handle, { rate, database, sqs, rowQueueUrl, logger: log.logger }) };
}

async function reasonsOf({ database }: Fixtures): Promise<unknown> {
  const { rows } = await database.raw<{ rows: unknown[] }>('select message_id, reason from delivery_failures');
  return rows;
}

test('a message that is made to fail comes again after a backoff; at its last attempt its reason is saved', async () => {
  const fixtures = await setup();
  const { sqs, rowQueueUrl } = fixtures;
  const { handler, handled } = setupFaulty(fixtures, 1);
  const [message] = await deliver(sqs, rowQueueUrl, ['rows']);
  if (message === undefined) throw new Error('nothing was received');

  const answer = await handler(sqsEvent([message]));

  expect(answer).toEqual({ batchItemFailures: [{ itemIdentifier: message.MessageId }] });
  expect(handled).toEqual([]);
  expect(await reasonsOf(fixtures)).toEqual([]);
  // At the first attempt the backoff is 2 seconds at most, the queue's own time 30.
  await expect.poll(() => receive(sqs, rowQueueUrl), { timeout: 10_000 }).toHaveLength(1);

  await handler(sqsEvent([{ ...message, Attributes: { ApproximateReceiveCount: '5' } }]));

  expect(await reasonsOf(fixtures)).toEqual([
    { message_id: message.MessageId, reason: 'made to fail on purpose by FAULT_RATE' },
  ]);
});

test('the share that is asked for is faulted, and all others are handled', async () => {
  const fixtures = await setup();
  const { handler, handled } = setupFaulty(fixtures, 0.5);
  const bodies = Array.from({ length: 400 }, (_, index) => `message ${index}`);
  const messages = bodies.map((Body) => ({ MessageId: Body, ReceiptHandle: 'none', Body }));

  const { batchItemFailures } = await handler(sqsEvent(messages));

  const faulted = batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);
  expect([...faulted, ...handled].toSorted()).toEqual(bodies.toSorted());
  // Ten standard deviations of a fair coin.
  expect(Math.abs(faulted.length - 200)).toBeLessThan(100);
});

test('while Postgres is unavailable the faults go on all the same', async () => {
  const fixtures = await setup();
  const proxy = await setupProxy(fixtures.databaseUrl);
  const database = connect({ url: proxy.url, poolMax: 1, onWarning: () => {} });
  onTestFinished(() => database.destroy());
  const { handler } = setupFaulty({ ...fixtures, database }, 1);
  const [message] = await deliver(fixtures.sqs, fixtures.rowQueueUrl, ['rows']);
  if (message === undefined) throw new Error('nothing was received');

  await proxy.shut();

  expect((await handler(sqsEvent([message]))).batchItemFailures).toHaveLength(1);
});
