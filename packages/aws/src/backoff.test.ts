import { deliver, receive, setupClients, setupQueues } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { backoffSeconds, delayRetries } from './backoff.ts';

test('the longest wait doubles with every attempt, from two seconds to a quarter of an hour', () => {
  const longest = [1, 2, 3, 4, 9, 10, 11, 1000].map((attempts) => backoffSeconds(attempts, 2, () => 1));
  expect(longest).toEqual([2, 4, 8, 16, 512, 900, 900, 900]);
});

test('a wait is any time up to the longest, but a second at least', () => {
  for (const attempts of [1, 5, 50]) {
    const waits = Array.from({ length: 500 }, () => backoffSeconds(attempts));
    expect(Math.min(...waits)).toBeGreaterThanOrEqual(1);
    expect(Math.max(...waits)).toBeLessThanOrEqual(backoffSeconds(attempts, 2, () => 1));
    for (const wait of waits) expect(Number.isInteger(wait)).toBe(true);
  }
  expect(backoffSeconds(10, 2, () => 0.5)).toBe(450);
  expect(backoffSeconds(10, 2, () => 0)).toBe(1);
  expect([1, 2, 4, 5].map((attempts) => backoffSeconds(attempts, 120, () => 1))).toEqual([120, 240, 900, 900]);
});

test('failed messages, more than fit into one request, come again after their wait and not before', async () => {
  const { sqs } = setupClients();
  const { rowQueueUrl } = await setupQueues(sqs);
  const messages = await deliver(
    sqs,
    rowQueueUrl,
    Array.from({ length: 25 }, (_, n) => `body ${n}`),
  );

  await delayRetries(
    sqs,
    rowQueueUrl,
    messages.map(({ ReceiptHandle = '' }) => ({ receiptHandle: ReceiptHandle, attempts: 1 })),
  );

  expect(await receive(sqs, rowQueueUrl)).toEqual([]);
  let again = 0;
  const count = async () => {
    again += (await receive(sqs, rowQueueUrl)).length;
    return again;
  };
  // Two seconds at most; the queue's own visibility time-out is thirty.
  await expect.poll(count, { timeout: 10_000 }).toBe(25);
});
