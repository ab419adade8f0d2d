import { depthOf, enqueue, services, setupAws, setupClients, setupProxy, takeAll } from '@rowferry/testing';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { expect, onTestFinished, test } from 'vitest';
import { QueuePoller, type QueuePollerSettings } from './queue-poller.ts';

const NO_FAILURES: SQSBatchResponse = { batchItemFailures: [] };
const SECOND = 1000;

/** A poller of a queue of the test's own, stopped at the end; `bodies` are those that its handler got, in order. */
async function setupPoller(
  handle: (event: SQSEvent) => Promise<SQSBatchResponse>,
  given: Partial<QueuePollerSettings> = {},
) {
  const aws = await setupAws();
  const { sqs, rowQueueUrl, log } = aws;
  const events: SQSEvent[] = [];
  const start = () => {
    const poller = new QueuePoller({
      sqs,
      queueUrl: rowQueueUrl,
      concurrency: 1,
      messagesPerReceive: 10,
      messagesPerInvocation: 10,
      logger: log.logger,
      ...given,
      handler: (event) => {
        events.push(event);
        return handle(event);
      },
    });
    onTestFinished(() => poller.stop());
    return poller;
  };
  return {
    ...aws,
    events,
    bodies: () => events.flatMap(({ Records }) => Records.map(({ body }) => body)),
    start,
    send: (...bodies: string[]) => enqueue(sqs, rowQueueUrl, bodies),
    depth: () => depthOf(sqs, rowQueueUrl),
  };
}

test('messages that were handled are deleted, each handled once', async () => {
  const { send, start, bodies, depth } = await setupPoller(async () => NO_FAILURES);
  const sent = Array.from({ length: 25 }, (_, n) => `body ${n}`);
  await send(...sent);

  start();

  await expect.poll(depth, { timeout: 10 * SECOND }).toEqual({ visible: 0, hidden: 0 });
  expect(bodies().toSorted()).toEqual(sent.toSorted());
});

test('an invocation gets an event as Lambda makes it', async () => {
  const { send, start, events } = await setupPoller(async () => NO_FAILURES);
  await send('the body');

  start();

  await expect.poll(() => events, { timeout: 10 * SECOND }).toHaveLength(1);
  expect(events[0]?.Records).toMatchObject([
    {
      body: 'the body',
      messageId: expect.stringMatching(/.+/),
      receiptHandle: expect.stringMatching(/.+/),
      eventSource: 'aws:sqs',
      attributes: { ApproximateReceiveCount: '1', SentTimestamp: expect.stringMatching(/^\d{13}$/) },
    },
  ]);
});

test('messages reported in batchItemFailures stay in the queue, and only those', async () => {
  const { send, start, depth, events } = await setupPoller(async ({ Records }) => ({
    batchItemFailures: Records.filter(({ body }) => body.startsWith('bad')).map(({ messageId }) => ({
      itemIdentifier: messageId,
    })),
  }));
  await send('good 1', 'bad 1', 'good 2', 'bad 2');

  const poller = start();

  await expect.poll(() => events.length, { timeout: 10 * SECOND }).toBeGreaterThan(0);
  await poller.stop();
  expect(await depth()).toEqual({ visible: 0, hidden: 2 });
});

test('when the handler throws, all of its messages stay, and the next ones are handled all the same', async () => {
  const { send, start, depth, bodies } = await setupPoller(
    async ({ Records }) => {
      if (Records.some(({ body }) => body === 'bad')) throw new Error('a bug');
      return NO_FAILURES;
    },
    { messagesPerReceive: 1, messagesPerInvocation: 1 },
  );
  await send('bad', 'good');

  start();

  await expect.poll(bodies, { timeout: 10 * SECOND }).toEqual(['bad', 'good']);
  await expect.poll(depth).toEqual({ visible: 0, hidden: 1 });
});

test('no more invocations run at once than asked for', async () => {
  let running = 0;
  let most = 0;
  const gates: (() => void)[] = [];
  const { send, start, depth } = await setupPoller(
    async () => {
      running++;
      most = Math.max(most, running);
      await new Promise<void>((resolve) => gates.push(resolve));
      running--;
      return NO_FAILURES;
    },
    { concurrency: 3, messagesPerReceive: 1, messagesPerInvocation: 1 },
  );
  await send('1', '2', '3', '4', '5', '6');
  start();
  await expect.poll(() => gates.length, { timeout: 10 * SECOND }).toBe(3);
  expect(await depth()).toEqual({ visible: 3, hidden: 3 });

  const release = async () => {
    for (const open of gates.splice(0)) open();
    return depth();
  };
  await expect.poll(release, { timeout: 10 * SECOND }).toEqual({ visible: 0, hidden: 0 });
  expect(most).toBe(3);
});

test('stopping waits for the invocation in flight, whose messages are deleted, and takes no more', async () => {
  const finish = Promise.withResolvers<SQSBatchResponse>();
  const { send, start, depth, bodies } = await setupPoller(() => finish.promise);
  await send('in flight');
  const poller = start();
  await expect.poll(bodies, { timeout: 10 * SECOND }).toEqual(['in flight']);
  let stopped = false;

  const stopping = poller.stop().then(() => {
    stopped = true;
  });
  await send('too late');
  expect(stopped).toBe(false);
  finish.resolve(NO_FAILURES);
  await stopping;

  expect(bodies()).toEqual(['in flight']);
  expect(await depth()).toEqual({ visible: 1, hidden: 0 });
});

test('stopping while it waits for messages does not wait for them', async () => {
  const { start } = await setupPoller(async () => NO_FAILURES);
  const begin = performance.now();
  const poller = start();
  await poller.stop();
  expect(performance.now() - begin).toBeLessThan(4 * SECOND);
});

test('while SQS is unavailable it retries, and goes on working when SQS is back: one log line for each, whatever many receive', async () => {
  const proxy = await setupProxy(services().endpoint);
  const { sqs: proxied } = setupClients(proxy.url);
  const { send, start, bodies, log, sqs, rowQueueUrl } = await setupPoller(async () => NO_FAILURES, {
    sqs: proxied,
    concurrency: 4,
  });
  await proxy.shut();

  start();
  await expect.poll(() => log.entries.length, { timeout: 10 * SECOND }).toBeGreaterThan(0);
  await proxy.open();
  await send('after all');

  await expect.poll(bodies, { timeout: 20 * SECOND }).toEqual(['after all']);
  await expect.poll(() => takeAll(sqs, rowQueueUrl)).toEqual([]);
  expect(log.entries).toMatchObject([
    { msg: 'queue unavailable; retrying', queueUrl: rowQueueUrl, reason: expect.stringContaining('ECONN') },
    { msg: 'queue available again', queueUrl: rowQueueUrl },
  ]);
});
