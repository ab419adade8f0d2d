import { join } from 'node:path';
import { createLogger } from '@rowferry/runtime';
import { EMULATOR_CREDENTIALS, TcpProxy } from '@rowferry/testing';
import { type EventVariables, prepareEvents } from '../../apps/local/src/events.ts';
import { prepareDatabase, prepareQueuesAndBucket } from '../../apps/local/src/prepare.ts';
import type { QueueUrls } from '../../apps/local/src/resources.ts';
import type { Journal } from './journal.ts';
import { ManagedProcess } from './managed-process.ts';
import type { Random } from './random.ts';
import { EmulatorUnderTest, PostgresUnderTest } from './servers.ts';
import { SqsProxy } from './sqs-proxy.ts';

const BUCKET = 'rowferry-uploads';
const WORKERS = 2;
const STOP_TIMEOUT_MS = 45_000;
/** Of the emulator; and a profile of whoever runs this must not lead to AWS. */
const AWS_KEYS = {
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: EMULATOR_CREDENTIALS.accessKeyId,
  AWS_SECRET_ACCESS_KEY: EMULATOR_CREDENTIALS.secretAccessKey,
  AWS_PROFILE: '',
};

/** Rowferry as plain processes, each connection of theirs by way of a proxy. */
export type System = {
  postgres: PostgresUnderTest;
  emulator: EmulatorUnderTest;
  queues: QueueUrls;
  events: EventVariables;
  api: ManagedProcess;
  apiUrl: string;
  workers: [ManagedProcess, ...ManagedProcess[]];
  proxies: Proxies;
};

export type Proxies = {
  postgres: TcpProxy;
  s3: TcpProxy;
  /** On the way to `messages`. */
  sqs: TcpProxy;
  messages: SqsProxy;
};

/** Starts everything with its data in `directory`; `running` stops it. */
export async function startSystem(
  directory: string,
  random: Random,
  journal: Journal,
  running: AsyncDisposableStack,
): Promise<System> {
  const postgres = await PostgresUnderTest.start(join(directory, 'postgres'));
  running.defer(() => postgres.stop());
  const emulator = await EmulatorUnderTest.start(join(directory, 's3-sqs'));
  running.defer(() => emulator.stop());
  const { queues, events } = await prepare(postgres.url, emulator.endpoint);
  const proxies = await openProxies(postgres.url, emulator, random);
  running.defer(() => closeProxies(proxies));

  const env = environmentOf(proxies, queues, events);
  const { promise: apiUrl, resolve } = Promise.withResolvers<string>();
  const api = new ManagedProcess({
    name: 'api',
    command: 'api',
    env,
    onLog: (entry) => {
      journal.record('api', entry);
      if (typeof entry.url === 'string') resolve(entry.url);
    },
  });
  running.defer(() => end(api));
  const start = (name: string) => {
    const onLog = (entry: Parameters<Journal['record']>[1]) => journal.record(name, entry);
    const worker = new ManagedProcess({ name, command: 'worker', env, onLog });
    running.defer(() => end(worker));
    return worker;
  };
  const others = Array.from({ length: WORKERS - 1 }, (_, index) => start(`worker-${index + 2}`));
  return {
    postgres,
    emulator,
    queues,
    events,
    api,
    apiUrl: await apiUrl,
    workers: [start('worker-1'), ...others],
    proxies,
  };
}

async function end(process: ManagedProcess): Promise<void> {
  await process.stop(STOP_TIMEOUT_MS);
}

async function prepare(databaseUrl: string, endpoint: string): Promise<{ queues: QueueUrls; events: EventVariables }> {
  // The SDK of this process, too, looks for its keys in the environment.
  Object.assign(process.env, AWS_KEYS);
  await prepareDatabase(databaseUrl, createLogger('chaos', 'silent'));
  const none = { rows: undefined, rowsDlq: undefined, segments: undefined, segmentsDlq: undefined };
  const environment = {
    AWS_REGION: AWS_KEYS.AWS_REGION,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_S3: undefined,
    AWS_ENDPOINT_URL_SQS: undefined,
    AWS_ENDPOINT_URL_SNS: undefined,
  };
  const queues = await prepareQueuesAndBucket(environment, BUCKET, none);
  return { queues, events: await prepareEvents(environment) };
}

async function openProxies(databaseUrl: string, emulator: EmulatorUnderTest, random: Random): Promise<Proxies> {
  const messages = await SqsProxy.open(emulator.port, random);
  const [postgres, s3, sqs] = await Promise.all([
    TcpProxy.to(databaseUrl),
    TcpProxy.to(emulator.endpoint),
    TcpProxy.to(`http://127.0.0.1:${messages.port}`),
  ]);
  return { postgres, s3, sqs, messages };
}

async function closeProxies({ postgres, s3, sqs, messages }: Proxies): Promise<void> {
  await Promise.all([postgres.shut(), s3.shut(), sqs.shut()]);
  await messages.close();
}

function environmentOf(proxies: Proxies, queues: QueueUrls, events: EventVariables): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    ...AWS_KEYS,
    DATABASE_URL: proxies.postgres.url,
    AWS_ENDPOINT_URL_S3: proxies.s3.url,
    AWS_ENDPOINT_URL_SQS: proxies.sqs.url,
    // The proxy of SQS reads what goes through it, and SNS speaks another way.
    AWS_ENDPOINT_URL_SNS: proxies.s3.url,
    EVENTS_TOPIC_ARN: events.EVENTS_TOPIC_ARN,
    NOTIFICATIONS_QUEUE_URL: events.NOTIFICATIONS_QUEUE_URL,
    ALERTS_QUEUE_URL: events.ALERTS_QUEUE_URL,
    UPLOAD_BUCKET: BUCKET,
    ROW_QUEUE_URL: queues.rows,
    ROW_DLQ_URL: queues.rowsDlq,
    SEGMENT_QUEUE_URL: queues.segments,
    SEGMENT_DLQ_URL: queues.segmentsDlq,
    PORT: '0',
    LOG_LEVEL: 'info',
  };
}
