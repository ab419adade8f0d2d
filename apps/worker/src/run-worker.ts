import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import {
  AWS_VARIABLES,
  type AwsEnvironment,
  assertServicesExist,
  createS3Client,
  createSnsClient,
  createSqsClient,
  databasePassword,
} from '@rowferry/aws';
import { PICKUP_VARIABLES, pickupOf } from '@rowferry/backfill';
import {
  connect,
  findRefusal,
  LeaderElection,
  type MakePassword,
  OPENED_BACKFILLS,
  RECEIVED_UPLOADS,
} from '@rowferry/database';
import {
  awaitEnvironment,
  createLogger,
  type Environment,
  EnvironmentError,
  objectQueueOf,
  readEnvironment,
  refuseFaultsInProduction,
  runMain,
  stopOnSignal,
} from '@rowferry/runtime';
import { startWorker } from './start-worker.ts';
import { WorkerMetrics } from './worker-metrics.ts';

/** Longest that stopping waits for batches in flight. */
const STOP_TIMEOUT_MS = 30_000;
/** Connections besides those of the consumers: for the watcher, the relay, notifications, webhooks and tasks of backfills, in turn. */
const SPARE_CONNECTIONS = 4;
/** Of a worker that writes each connection answers far more often, so that it need not be asked whether it lives: a round trip each. */
const TRUST_CONNECTION_FOR_MS = 100;
/** Of all workers, one does each at a time. */
const WATCHER_JOB = 'watch the bucket';
const BACKFILL_JOB = 'run backfills';

/** `rowferry worker`: the handlers and their event sources as a plain process, for hosting without Lambda. */
export function runWorker(): void {
  runMain(main, [EnvironmentError]);
}

async function main(): Promise<void> {
  endWithParent();
  await awaitEnvironment();
  const environment = readEnvironment(
    [
      ...AWS_VARIABLES,
      'DATABASE_URL',
      'UPLOAD_BUCKET',
      ...QUEUES,
      ...OBJECT_QUEUES,
      'EVENTS_TOPIC_ARN',
      'WEBHOOK_ALLOW_PRIVATE',
      ...PICKUP_VARIABLES,
      'BACKFILL_STATE_MACHINE_ARN',
      'MAX_UPLOAD_BYTES',
      'ROWS_PER_MESSAGE',
      'CONSUMER_CONCURRENCY',
      'FAULT_RATE',
      'NODE_ENV',
      'METRICS_PORT',
      'LOG_LEVEL',
    ],
    EVENT_QUEUES,
  );
  refuseFaultsInProduction(environment);
  const objectQueue = objectQueueOf(environment);
  const pickup = pickupOf(environment);
  const logger = createLogger('worker', environment.LOG_LEVEL);
  const consumerConcurrency = environment.CONSUMER_CONCURRENCY;
  const s3 = createS3Client(environment);
  const sqs = createSqsClient(environment);
  const password = databasePassword(environment, sqs);
  const database = connect({
    url: environment.DATABASE_URL,
    password,
    poolMax: consumerConcurrency + SPARE_CONNECTIONS,
    trustForMs: TRUST_CONNECTION_FOR_MS,
    onWarning: (message) => logger.warn(message),
  });
  await assertUsable(environment, { s3, sqs, password });
  const metrics = new WorkerMetrics();
  const served = environment.METRICS_PORT === undefined ? undefined : await metrics.serve(environment.METRICS_PORT);
  const worker = startWorker({
    database,
    leaderElection: new LeaderElection({
      url: environment.DATABASE_URL,
      password,
      job: WATCHER_JOB,
      channel: RECEIVED_UPLOADS,
      onPooler: () =>
        logger.info(
          'DATABASE_URL leads to a connection pooler; uploads are found by listing the bucket, not by notification',
        ),
    }),
    s3,
    sqs,
    bucket: environment.UPLOAD_BUCKET,
    rowQueueUrl: environment.ROW_QUEUE_URL,
    rowDlqUrl: environment.ROW_DLQ_URL,
    segmentQueueUrl: environment.SEGMENT_QUEUE_URL,
    segmentDlqUrl: environment.SEGMENT_DLQ_URL,
    objectQueue,
    events: {
      sns: createSnsClient(environment),
      topicArn: environment.EVENTS_TOPIC_ARN,
      notificationsQueueUrl: environment.NOTIFICATIONS_QUEUE_URL,
      alertsQueueUrl: environment.ALERTS_QUEUE_URL,
    },
    webhooksQueueUrl: environment.WEBHOOKS_QUEUE_URL,
    webhookSender: { allowPrivate: environment.WEBHOOK_ALLOW_PRIVATE },
    rowsPerMessage: environment.ROWS_PER_MESSAGE,
    maxUploadBytes: environment.MAX_UPLOAD_BYTES,
    consumerConcurrency,
    backfills:
      environment.BACKFILL_STATE_MACHINE_ARN === undefined
        ? {
            leaderElection: new LeaderElection({
              url: environment.DATABASE_URL,
              password,
              job: BACKFILL_JOB,
              channel: OPENED_BACKFILLS,
            }),
            allowedPrefix: environment.BACKFILL_PREFIX,
            pickup,
          }
        : undefined,
    faultRate: environment.FAULT_RATE,
    metrics,
    logger,
  });
  stopOnSignal(logger, STOP_TIMEOUT_MS, async () => {
    await worker.stop();
    await served?.close();
    await database.destroy();
  });
  // Last: who reads it may stop the worker at once, and a signal ends a process that does not listen for it yet.
  logger.info({ metrics: served?.url }, 'worker started');
}

/**
 * What is unavailable is waited for; what does not exist, or does not let this process in, is not.
 *
 * @throws EnvironmentError that names the variable.
 */
async function assertUsable(
  environment: AwsEnvironment &
    Environment<'DATABASE_URL' | 'UPLOAD_BUCKET' | (typeof QUEUES | typeof OBJECT_QUEUES)[number]> &
    Partial<Environment<(typeof EVENT_QUEUES)[number]>>,
  { s3, sqs, password }: { s3: S3Client; sqs: SQSClient; password: MakePassword | undefined },
): Promise<void> {
  const queues = Object.fromEntries(
    [...QUEUES, ...OBJECT_QUEUES, ...EVENT_QUEUES].map((name) => [name, environment[name]]),
  );
  const [refusal] = await Promise.all([
    findRefusal(environment.DATABASE_URL, password),
    assertServicesExist({ s3, sqs, bucket: environment.UPLOAD_BUCKET, queues }),
  ]);
  if (refusal !== undefined) throw new EnvironmentError(refusal);
}

const QUEUES = ['ROW_QUEUE_URL', 'ROW_DLQ_URL', 'SEGMENT_QUEUE_URL', 'SEGMENT_DLQ_URL'] as const;
/** Both or none. */
const OBJECT_QUEUES = ['OBJECT_QUEUE_URL', 'OBJECT_DLQ_URL'] as const;
/** Each may be left out. */
const EVENT_QUEUES = ['NOTIFICATIONS_QUEUE_URL', 'ALERTS_QUEUE_URL', 'WEBHOOKS_QUEUE_URL'] as const;

/** A worker of `rowferry start` does not outlive it: kill -9 of the parent leaves nothing behind. */
function endWithParent(): void {
  if (process.connected === undefined) return;
  // The parent can have ended before this process had come so far.
  if (!process.connected) process.exit(1);
  process.once('disconnect', () => process.exit(1));
}
