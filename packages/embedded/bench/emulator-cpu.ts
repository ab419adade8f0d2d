/**
 * CPU time that the emulator takes for what an import asks of it: messages of 200 rows sent, received and deleted at the same
 * time, as the worker does, then the file's bytes by parts and ranges. With `--against`, that of another checkout in turn.
 *
 * node packages/embedded/bench/emulator-cpu.ts [--rows 400000] [--rounds 3] [--against PATH_OF_A_CHECKOUT] [--directory PATH]
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { CreateBucketCommand, GetObjectCommand, S3Client } from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { Upload } from '@aws-sdk/lib-storage';
import { encodeBody } from '@rowferry/messages';
import { employeeAt } from '../../../bench/roster.ts';
import type * as embedded from '../src/index.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '400000' },
    rounds: { type: 'string', default: '3' },
    against: { type: 'string' },
    directory: { type: 'string', default: '.' },
  },
});
const ROWS = Number(values.rows);
const ROWS_PER_MESSAGE = 200;
const BATCH = 10;
const PART_BYTES = 8 * 1024 * 1024;
/** Two requests of 210 KB are what `BatchSender` has on its way. */
const SENDERS = 2;
const RECEIVERS = 2;
const HERE = fileURLToPath(new URL('../../../', import.meta.url));
/** Of /proc/PID/stat, clock ticks a second. */
const TICKS = 100;

const bodies = Array.from({ length: ROWS / ROWS_PER_MESSAGE }, (_, message) =>
  encodeBody({
    ...{ v: 2, type: 'rows' as const, uploadId: '019a2216-4b00-7c41-9d2e-5f6a8b3c1d70', segment: 0 },
    rows: Array.from({ length: ROWS_PER_MESSAGE }, (_, row) => ({
      line: message * ROWS_PER_MESSAGE + row + 2,
      ...employeeAt(message * ROWS_PER_MESSAGE + row),
    })),
  }),
);

type Measured = { upload: number; read: number; messages: number; peakMib: number };

const checkouts = [...(values.against === undefined ? [] : [resolve(values.against)]), HERE];
for (let round = 0; round < Number(values.rounds); round++) {
  for (const checkout of checkouts) {
    const { upload, read, messages, peakMib } = await measure(checkout);
    const [u, r, m] = [upload, read, messages].map((seconds) => ((seconds * 1e6) / ROWS).toFixed(2));
    process.stdout.write(`${checkout}: µs a row: upload ${u}, read ${r}, messages ${m}; peak ${peakMib} MiB\n`);
  }
}

async function measure(checkout: string): Promise<Measured> {
  const dataDir = mkdtempSync(join(values.directory, 'bench-'));
  const { startEmulator }: typeof embedded = await import(join(checkout, 'packages/embedded/src/index.ts'));
  const emulator = await startEmulator({ dataDir, port: 0 });
  try {
    const options = { endpoint: emulator.endpoint, region: 'us-east-1', credentials: emulator.credentials };
    const sqs = new SQSClient(options);
    const s3 = new S3Client({ ...options, forcePathStyle: true, requestChecksumCalculation: 'WHEN_REQUIRED' });
    await s3.send(new CreateBucketCommand({ Bucket: 'bench' }));
    const usedBy = async (work: () => Promise<void>) => {
      const before = cpuSeconds(emulator.pid);
      await work();
      return cpuSeconds(emulator.pid) - before;
    };
    const upload = await usedBy(() => putFile(s3));
    const read = await usedBy(() => getFile(s3));
    const messages = await usedBy(() => passMessages(sqs));
    return { upload, read, messages, peakMib: peakMib(emulator.pid) };
  } finally {
    await emulator.stop();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function passMessages(sqs: SQSClient): Promise<void> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'rows' }));
  let sent = 0;
  let deleted = 0;
  const send = async () => {
    while (sent < bodies.length) {
      const batch = bodies.slice(sent, sent + BATCH);
      sent += BATCH;
      const Entries = batch.map((MessageBody, index) => ({ Id: String(index), MessageBody }));
      await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }));
    }
  };
  const receive = async () => {
    while (deleted < bodies.length) {
      const { Messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          ...{ QueueUrl, MaxNumberOfMessages: BATCH, WaitTimeSeconds: 1, VisibilityTimeout: 60 },
          MessageSystemAttributeNames: ['All'],
        }),
      );
      if (Messages.length === 0) continue;
      const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
      await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
      deleted += Messages.length;
    }
  };
  await Promise.all([...Array.from({ length: SENDERS }, send), ...Array.from({ length: RECEIVERS }, receive)]);
}

async function putFile(client: S3Client): Promise<void> {
  const Body = Buffer.from(bodies.join('\n'));
  const params = { Bucket: 'bench', Key: 'big.csv', Body };
  await new Upload({ client, params, partSize: PART_BYTES, queueSize: 2 }).done();
}

async function getFile(client: S3Client): Promise<void> {
  const { Body } = await client.send(new GetObjectCommand({ Bucket: 'bench', Key: 'big.csv' }));
  for await (const _ of Object(Body)) {
  }
}

/** User and system time of the process and its threads (proc(5)). */
function cpuSeconds(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) / TICKS;
}

/** Linux only (proc(5), VmHWM). */
function peakMib(pid: number): number {
  return Math.round(Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024);
}
