import type { BatchResultErrorEntry, SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import { SQSClient } from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { BatchSender, SendError } from './batch-sender.ts';

const KIB = 1024;

type Batch = readonly SendMessageBatchRequestEntry[];
type Answer = Promise<BatchResultErrorEntry[]> | BatchResultErrorEntry[];

/** An SQS that answers as the test says: `answer` gets each request's entries and says which of them failed. */
function setupSender(answer: (entries: Batch, request: number) => Answer = () => []) {
  const requests: string[][] = [];
  const taken: string[] = [];
  const client = new SQSClient({ region: 'us-east-1' });
  onTestFinished(() => client.destroy());
  client.middlewareStack.add(
    () => async (args) => {
      const entries = entriesOf(args.input);
      requests.push(entries.map(({ MessageBody = '' }) => MessageBody));
      const Failed = await answer(entries, requests.length);
      const failed = new Set(Failed.map(({ Id }) => Id));
      taken.push(...entries.filter(({ Id }) => !failed.has(Id)).map(({ MessageBody = '' }) => MessageBody));
      return { response: undefined, output: { $metadata: {}, Failed, Successful: [] } };
    },
    // Before the SDK's own middleware, which would go to the network.
    { step: 'initialize', priority: 'high' },
  );
  return { sender: new BatchSender(client, 'https://sqs/queue'), requests, taken };
}

function entriesOf(input: object): Batch {
  if (!('Entries' in input) || !Array.isArray(input.Entries)) throw new Error('not a SendMessageBatch');
  return input.Entries;
}

function throttled({ Id }: SendMessageBatchRequestEntry): BatchResultErrorEntry {
  return { Id, SenderFault: false, Code: 'ThrottlingException' };
}

/** Waits between attempts are drawn from zero up: zero it is. */
function withoutWaiting(): void {
  const random = vi.spyOn(Math, 'random').mockReturnValue(0);
  onTestFinished(() => random.mockRestore());
}

const bodies = (count: number) => Array.from({ length: count }, (_, n) => `body ${n}`);

test('messages go out ten to a request, in order; the rest with flush', async () => {
  const { sender, requests } = setupSender();

  for (const body of bodies(25)) await sender.send(body);
  expect(requests).toHaveLength(2);
  await sender.flush();

  expect(requests.map((request) => request.length)).toEqual([10, 10, 5]);
  expect(requests.flat()).toEqual(bodies(25));
});

test('requests leave while further messages are made, also by somebody who never waits for anything else', async () => {
  const { sender, taken } = setupSender(() => new Promise((resolve) => setImmediate(resolve, [])));

  for (const body of bodies(30)) await sender.send(body);

  expect(taken.slice(0, 10)).toEqual(bodies(10));
});

test('flushing with nothing to send sends nothing', async () => {
  const { sender, requests } = setupSender();
  await sender.flush();
  expect(requests).toEqual([]);
});

test('a request has 256 KiB of bodies at most, counted in bytes', async () => {
  const { sender, requests } = setupSender();
  const large = 'ü'.repeat(60 * KIB);

  for (let n = 0; n < 6; n++) await sender.send(large);
  await sender.flush();

  expect(requests.map((request) => request.length)).toEqual([2, 2, 2]);
});

test('a body that is larger than that goes alone: whether SQS takes it is for SQS to say', async () => {
  const { sender, requests } = setupSender();

  for (const body of ['small', 'x'.repeat(300 * KIB), 'small']) await sender.send(body);
  await sender.flush();

  expect(requests.map((request) => request.length)).toEqual([1, 1, 1]);
});

test('only the entries that come back as failed are sent again, until all are taken, each once', async () => {
  withoutWaiting();
  const { sender, requests, taken } = setupSender((entries) => entries.filter((_, n) => n % 3 === 1).map(throttled));

  for (const body of bodies(10)) await sender.send(body);
  await sender.flush();

  expect(requests).toEqual([bodies(10), ['body 1', 'body 4', 'body 7'], ['body 4']]);
  expect(taken.toSorted()).toEqual(bodies(10).toSorted());
});

test('a message that SQS refuses for good fails the sending at once, and says why', async () => {
  const { sender, requests } = setupSender(([first]) => [
    { Id: first?.Id, SenderFault: true, Code: 'InvalidMessageContents', Message: 'bad character' },
  ]);

  for (const body of bodies(9)) await sender.send(body);

  await expect(sender.flush()).rejects.toEqual(
    new SendError('SQS refuses a message: InvalidMessageContents bad character'),
  );
  expect(requests).toHaveLength(1);
  // Whoever goes on sending learns of it too.
  await expect(sender.flush()).rejects.toThrow(SendError);
});

test('what SQS does not take in eight attempts fails the sending', async () => {
  withoutWaiting();
  const { sender, requests } = setupSender((entries) => entries.map(throttled));

  await sender.send('body');

  await expect(sender.flush()).rejects.toThrow(
    new SendError('SQS did not take all messages in 8 attempts: ThrottlingException'),
  );
  expect(requests).toHaveLength(8);
});

test('when a request itself fails, the sending fails with what it failed with', async () => {
  const { sender } = setupSender(() => Promise.reject(new TypeError('no network')));
  await sender.send('body');
  await expect(sender.flush()).rejects.toThrow(new TypeError('no network'));
});

test.each([
  { of: 'small messages', bytes: 10, most: 8 },
  { of: 'large messages', bytes: 25 * KIB, most: 2 },
])('$most requests of $of are in flight at most: whoever sends waits for SQS', async ({ bytes, most }) => {
  const pending: PromiseWithResolvers<BatchResultErrorEntry[]>[] = [];
  const { sender, requests, taken } = setupSender(() => {
    const answer = Promise.withResolvers<BatchResultErrorEntry[]>();
    pending.push(answer);
    return answer.promise;
  });
  const all = bodies(10 * (most + 1)).map((body) => body.padEnd(bytes));
  for (const body of all.slice(0, -1)) await sender.send(body);
  let sent = false;

  const last = sender.send(all.at(-1) ?? '').then(() => {
    sent = true;
  });
  await expect.poll(() => requests.length).toBe(most);
  await new Promise((resolve) => setImmediate(resolve));
  expect({ sent, requests: requests.length }).toEqual({ sent: false, requests: most });

  pending[1]?.resolve([]);
  await last;
  await expect.poll(() => requests.length).toBe(most + 1);

  for (const answer of pending) answer.resolve([]);
  await sender.flush();
  expect(taken.toSorted()).toEqual(all.toSorted());
});
