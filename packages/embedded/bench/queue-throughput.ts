/**
 * Messages a second through the embedded SQS, beside fauxqs as it comes: SendMessageBatch of 10, ReceiveMessage of 10
 * and DeleteMessageBatch of 10, each with 8 requests in flight. `node packages/embedded/bench/queue-throughput.ts`
 *
 * On 2 cores (client and server share them), ext4, an fsync of 0.2 ms, Node 24.21, 10,000 messages, machine else idle:
 *
 *                     send   receive   delete
 *   fauxqs,  1 KiB   3,100     3,600    3,800
 *   embedded, 1 KiB  8,500    10,700   12,800
 *   fauxqs, 20 KiB   1,500     1,900    4,000
 *   embedded, 20 KiB 2,700     3,300   13,800
 */
import { fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { type EmulatorCredentials, startEmulator } from '../src/index.ts';

const { values } = parseArgs({
  options: { messages: { type: 'string', default: '10000' }, directory: { type: 'string', default: '.' } },
});
const MESSAGES = Number(values.messages);
const BATCH = 10;
const IN_FLIGHT = 8;
const KIB = 1024;

type Subject = { readonly endpoint: string; readonly credentials: EmulatorCredentials; stop(): Promise<void> };

async function startOurs(dataDir: string): Promise<Subject> {
  return await startEmulator({ dataDir, port: 0 });
}

function startFauxqsAlone(dataDir: string): Promise<Subject> {
  const child = fork(new URL('fauxqs-as-it-comes.ts', import.meta.url), [dataDir], { execArgv: [] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('message', (message) => {
      const stop = () =>
        new Promise<void>((stopped) => {
          child.once('exit', () => stopped());
          child.disconnect();
        });
      const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
      resolve({ endpoint: `http://127.0.0.1:${Object(message).port}`, credentials, stop });
    });
  });
}

async function inFlight(requests: number, request: () => Promise<unknown>): Promise<number> {
  let left = requests;
  const started = performance.now();
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      await request();
    }
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, lane));
  return Math.round((requests * BATCH * 1000) / (performance.now() - started));
}

async function measure(subject: Subject, bodyBytes: number) {
  const { endpoint, credentials } = subject;
  const client = new SQSClient({ endpoint, region: 'us-east-1', credentials });
  const { QueueUrl } = await client.send(
    new CreateQueueCommand({ QueueName: `bench-${bodyBytes}`, Attributes: { VisibilityTimeout: '600' } }),
  );
  const MessageBody = 'x'.repeat(bodyBytes);
  const Entries = Array.from({ length: BATCH }, (_, index) => ({ Id: String(index), MessageBody }));
  const received: string[][] = [];

  const send = await inFlight(MESSAGES / BATCH, () => client.send(new SendMessageBatchCommand({ QueueUrl, Entries })));
  const receive = await inFlight(MESSAGES / BATCH, async () => {
    const { Messages = [] } = await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: BATCH }));
    received.push(Messages.map((message) => message.ReceiptHandle ?? ''));
  });
  const remove = await inFlight(received.length, async () => {
    const handles = received.pop() ?? [];
    const Entries = handles.map((ReceiptHandle, index) => ({ Id: String(index), ReceiptHandle }));
    await client.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  });
  client.destroy();
  return { send, receive, delete: remove };
}

const results: Record<string, unknown> = {};
for (const [name, start] of Object.entries({ fauxqs: startFauxqsAlone, embedded: startOurs })) {
  for (const kib of [1, 20]) {
    const dataDir = mkdtempSync(join(values.directory, 'bench-'));
    const subject = await start(dataDir);
    try {
      results[`${name}, ${kib} KiB`] = await measure(subject, kib * KIB);
    } finally {
      await subject.stop();
      rmSync(dataDir, { recursive: true, force: true });
    }
  }
}
process.stdout.write(`${JSON.stringify(results, null, 2)}\n`);
