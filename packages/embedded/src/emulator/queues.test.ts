import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { clientsOf, killHard, setupEmulator } from '../../test/emulator-fixture.ts';
import { temporaryDirectory } from '../../test/temporary-directory.ts';

async function createQueue(
  sqs: SQSClient,
  QueueName: string,
  Attributes: Record<string, string> = {},
): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }));
  return QueueUrl ?? '';
}

async function receive(sqs: SQSClient, QueueUrl: string, WaitTimeSeconds = 0): Promise<Message[]> {
  const request = { QueueUrl, WaitTimeSeconds, MaxNumberOfMessages: 10 };
  const names = { MessageSystemAttributeNames: ['All' as const], MessageAttributeNames: ['All'] };
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ ...request, ...names }));
  return Messages;
}

const receiveCount = (message: Message | undefined) => message?.Attributes?.ApproximateReceiveCount;

async function createQueueWithDlq(sqs: SQSClient, maxReceiveCount: number) {
  const dlq = await createQueue(sqs, 'dead');
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: dlq, AttributeNames: ['QueueArn'] }));
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount });
  return { dlq, queue: await createQueue(sqs, 'rows', { RedrivePolicy, VisibilityTimeout: '600' }) };
}

test('a queue URL is that of the endpoint, and a batch comes out as it went in', async () => {
  const { emulator, sqs } = await setupEmulator();
  const queue = await createQueue(sqs, 'rows');
  expect(queue).toBe(`${emulator.endpoint}/000000000000/rows`);

  const bodies = ['plain', 'Zoë, “quoted”', '𝒥𝒶𝓃𝑒 🚢', 'x'.repeat(90_000)];
  const Entries = bodies.map((MessageBody, index) => ({ Id: `m${index}`, MessageBody }));
  const sent = await sqs.send(new SendMessageBatchCommand({ QueueUrl: queue, Entries }));
  expect(sent.Failed ?? []).toEqual([]);
  const messages = await receive(sqs, queue);
  expect(messages.map((message) => message.Body)).toEqual(bodies);

  const handles = messages.map(({ ReceiptHandle }, index) => ({ Id: `m${index}`, ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queue, Entries: handles }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: queue, AttributeNames: ['All'] }));
  expect(Attributes).toMatchObject({ ApproximateNumberOfMessages: '0', ApproximateNumberOfMessagesNotVisible: '0' });
});

test('a body with a forbidden character is refused alone, the rest of its batch is taken', async () => {
  const { sqs } = await setupEmulator();
  const QueueUrl = await createQueue(sqs, 'rows');
  const Entries = [
    { Id: 'bad', MessageBody: 'a\ufffe' },
    { Id: 'good', MessageBody: 'b' },
  ];
  const { Failed, Successful } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
  expect(Failed?.map((entry) => [entry.Id, entry.Code])).toEqual([['bad', 'InvalidMessageContents']]);
  expect(Successful?.map((entry) => entry.Id)).toEqual(['good']);
});

test('a visibility timeout of 0 makes a message available at once, alone or in a batch, and its receives are counted', async () => {
  const { sqs } = await setupEmulator({ dataDir: await temporaryDirectory() });
  const QueueUrl = await createQueue(sqs, 'rows', { VisibilityTimeout: '600' });
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'again' }));

  const [first] = await receive(sqs, QueueUrl);
  expect(receiveCount(first)).toBe('1');
  await sqs.send(
    new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: first?.ReceiptHandle, VisibilityTimeout: 0 }),
  );
  const [second] = await receive(sqs, QueueUrl);
  expect(receiveCount(second)).toBe('2');
  const Entries = [{ Id: 'a', ReceiptHandle: second?.ReceiptHandle, VisibilityTimeout: 0 }];
  await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl, Entries }));
  const [third] = await receive(sqs, QueueUrl);
  expect([third?.Body, receiveCount(third)]).toEqual(['again', '3']);
});

test('after kill -9 everything answered is there: bodies, attributes, receive counts, what is in flight, the settings', async () => {
  const dataDir = await temporaryDirectory();
  const before = await setupEmulator({ dataDir });
  const queue = await createQueue(before.sqs, 'rows', { VisibilityTimeout: '600' });
  await before.sqs.send(
    new SetQueueAttributesCommand({ QueueUrl: queue, Attributes: { DelaySeconds: '0', MaximumMessageSize: '8192' } }),
  );
  const MessageAttributes = { kind: { DataType: 'String', StringValue: 'rows' } };
  const long = `long ${'"\\Zoë🚢'.repeat(400)}`;
  for (const MessageBody of ['returned', 'in flight', 'deleted', long]) {
    await before.sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody, MessageAttributes }));
  }
  await before.sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: 'late', DelaySeconds: 600 }));
  const taken = await before.sqs.send(new ReceiveMessageCommand({ QueueUrl: queue, MaxNumberOfMessages: 3 }));
  const [returned, inFlight, deleted] = taken.Messages ?? [];
  await before.sqs.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: queue,
      ReceiptHandle: returned?.ReceiptHandle,
      VisibilityTimeout: 0,
    }),
  );
  await before.sqs.send(
    new DeleteMessageBatchCommand({ QueueUrl: queue, Entries: [{ Id: 'a', ReceiptHandle: deleted?.ReceiptHandle }] }),
  );
  await killHard(before.emulator);

  const after = await setupEmulator({ dataDir });
  const { Attributes } = await after.sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queue, AttributeNames: ['All'] }),
  );
  expect(Attributes).toMatchObject({
    VisibilityTimeout: '600',
    MaximumMessageSize: '8192',
    ApproximateNumberOfMessages: '2',
    ApproximateNumberOfMessagesNotVisible: '1',
    ApproximateNumberOfMessagesDelayed: '1',
  });
  const messages = await receive(after.sqs, queue);
  const seen = messages.map((message) => [
    message.Body,
    receiveCount(message),
    message.MessageAttributes?.kind?.StringValue,
  ]);
  expect(seen.sort()).toEqual([
    [long, '1', 'rows'],
    ['returned', '2', 'rows'],
  ]);
  // A receipt handle of the run before is still good.
  await after.sqs.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: queue,
      ReceiptHandle: inFlight?.ReceiptHandle,
      VisibilityTimeout: 0,
    }),
  );
  const [again] = await receive(after.sqs, queue);
  expect([again?.Body, receiveCount(again)]).toEqual(['in flight', '2']);
});

test('a message received too often is in the dead-letter queue with its body and attributes, also after kill -9', async () => {
  const dataDir = await temporaryDirectory();
  const before = await setupEmulator({ dataDir });
  const { queue, dlq } = await createQueueWithDlq(before.sqs, 2);
  // Longer than what is kept in a row, as every body of the rows of a file.
  const poison = `poison ${'x'.repeat(90_000)}`;
  const MessageAttributes = { kind: { DataType: 'String', StringValue: 'rows' } };
  await before.sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: poison, MessageAttributes }));
  for (const count of ['1', '2']) {
    const [message] = await receive(before.sqs, queue);
    expect(receiveCount(message)).toBe(count);
    await before.sqs.send(
      new ChangeMessageVisibilityCommand({
        QueueUrl: queue,
        ReceiptHandle: message?.ReceiptHandle,
        VisibilityTimeout: 0,
      }),
    );
  }
  expect(await receive(before.sqs, queue)).toEqual([]);
  await killHard(before.emulator);

  const after = await setupEmulator({ dataDir });
  expect(await receive(after.sqs, queue)).toEqual([]);
  const [dead] = await receive(after.sqs, dlq);
  expect([dead?.Body, dead?.MessageAttributes?.kind?.StringValue]).toEqual([poison, 'rows']);
});

test('queues are found again on another port and in another region, and keep attributes that a second CreateQueue adds', async () => {
  const dataDir = await temporaryDirectory();
  const before = await setupEmulator({ dataDir, region: 'us-east-1' });
  const oldUrl = await createQueue(before.sqs, 'rows', { VisibilityTimeout: '600' });
  await createQueueWithDlq(before.sqs, 1);
  await before.sqs.send(new SendMessageCommand({ QueueUrl: oldUrl, MessageBody: 'kept' }));
  await before.emulator.stop();

  const after = await setupEmulator({ dataDir, region: 'ap-southeast-2' });
  const { QueueUrl } = await after.sqs.send(new GetQueueUrlCommand({ QueueName: 'rows' }));
  expect(QueueUrl).toBe(`${after.emulator.endpoint}/000000000000/rows`);
  const dlq = await createQueue(after.sqs, 'dead');
  const [message] = await receive(after.sqs, oldUrl);
  expect(message?.Body).toBe('kept');
  await after.sqs.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl: oldUrl,
      ReceiptHandle: message?.ReceiptHandle,
      VisibilityTimeout: 0,
    }),
  );
  expect(await receive(after.sqs, oldUrl)).toEqual([]);
  expect((await receive(after.sqs, dlq)).map((dead) => dead.Body)).toEqual(['kept']);
});

test('a long poll whose client went away does not take messages', async () => {
  const { emulator, sqs } = await setupEmulator();
  const QueueUrl = await createQueue(sqs, 'rows', { VisibilityTimeout: '600' });
  const gone = clientsOf(emulator).sqs;
  const abort = new AbortController();
  const poll = gone.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), { abortSignal: abort.signal });
  // A long poll of the same queue that is answered shows that the one sent before it waits.
  await receive(sqs, QueueUrl, 1);
  abort.abort();
  await expect(poll).rejects.toThrow(/abort/i);

  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'for the living' }));
  const [message] = await receive(sqs, QueueUrl, 5);
  expect([message?.Body, receiveCount(message)]).toEqual(['for the living', '1']);
});

test('stop does not wait for long polls', async () => {
  const { emulator, sqs } = await setupEmulator();
  const QueueUrl = await createQueue(sqs, 'rows');
  const polls = Array.from({ length: 4 }, () =>
    sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 })).catch(() => 'broken off'),
  );
  await receive(sqs, QueueUrl, 1);
  const started = performance.now();
  await emulator.stop();
  await Promise.all(polls);
  expect(performance.now() - started).toBeLessThan(5000);
});
