import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import {
  createDeadLetterHandler,
  createDeadTaskHandler,
  createLostEventHandler,
  createRowHandler,
  failLostUpload,
} from '@rowferry/consumer-lambda';
import type { Database, LeaderElection } from '@rowferry/database';
import { createSegmentHandler, publishUpload } from '@rowferry/producer-lambda';
import type { Logger } from '@rowferry/runtime';
import { type BackfillSourceSettings, backfillSources } from './backfills/backfill-sources.ts';
import { BucketScan } from './bucket-scan.ts';
import { BucketWatcher } from './bucket-watcher.ts';
import { type EventSettings, eventSources } from './event-sources.ts';
import { withFaults } from './fault-injection.ts';
import { createObjectEventHandler, enqueueObjects } from './object-event-handler.ts';
import { QueuePoller } from './queue-poller.ts';
import { type WebhookSourceSettings, webhookSources } from './webhook-sources.ts';
import type { WorkerMetrics } from './worker-metrics.ts';

export type WorkerSettings = BackfillSourceSettings &
  WebhookSourceSettings & {
    database: Database;
    leaderElection: LeaderElection;
    s3: S3Client;
    sqs: SQSClient;
    bucket: string;
    rowQueueUrl: string;
    rowDlqUrl: string;
    segmentQueueUrl: string;
    segmentDlqUrl: string;
    /** Where S3 notifies of created objects; undefined where it does not: then the bucket is watched. */
    objectQueue: { url: string; dlqUrl: string } | undefined;
    /** Undefined: events wait in the database. */
    events?: EventSettings | undefined;
    rowsPerMessage: number | undefined;
    maxUploadBytes: number;
    consumerConcurrency: number;
    /** Share of row messages that are made to fail, 0 to 1. */
    faultRate: number;
    metrics: WorkerMetrics;
    logger: Logger;
  };

export type RunningWorker = { stop(): Promise<void> };

/** Segments in work at the same time: each holds some 8 MiB, and parsing one keeps the process's core busy as it is. */
const SEGMENT_CONCURRENCY = 1;
/** Messages of one write at most; of large messages, a poller takes fewer. A segment is a message of its own. */
const MESSAGES_PER_WRITE = 500;
/**
 * Bytes of messages that all writers hold together, and what one of them holds whatever their number: some 2,000 to 4,000
 * rows. A write of 1,000 rows costs Postgres half as much a row as one of 100, and larger ones a little less
 * (docs/performance.md).
 */
const BYTES_BEING_WRITTEN = 768 * 1024;
const BYTES_PER_WRITE = { min: 192 * 1024, max: 384 * 1024 };

/** Dead letters are few, and nobody waits for them. */
const DEAD_LETTERS = { concurrency: 1, messagesPerReceive: 10, messagesPerInvocation: 10 };

/** Small uploads are held in memory whole. Large ones are only passed on to the segment queue. */
const OBJECT_EVENTS = { concurrency: 2, messagesPerReceive: 1, messagesPerInvocation: 1 };

/** Starts what AWS runs as event source mappings and bucket notifications: each event source calls its handler. */
export function startWorker(settings: WorkerSettings): RunningWorker {
  const { database, sqs, logger, rowQueueUrl, segmentQueueUrl, faultRate } = settings;
  const rowHandler = settings.metrics.observe(createRowHandler(settings));
  const sources = [
    ...objectSources(settings),
    ...eventSources(settings),
    ...webhookSources(settings),
    ...backfillSources(settings),
    new QueuePoller({
      sqs,
      logger,
      queueUrl: segmentQueueUrl,
      handler: createSegmentHandler(settings),
      concurrency: SEGMENT_CONCURRENCY,
      messagesPerReceive: 1,
      messagesPerInvocation: 1,
    }),
    new QueuePoller({
      sqs,
      logger,
      queueUrl: rowQueueUrl,
      handler: faultRate > 0 ? withFaults(rowHandler, { ...settings, rate: faultRate }) : rowHandler,
      concurrency: settings.consumerConcurrency,
      messagesPerReceive: 10,
      messagesPerInvocation: MESSAGES_PER_WRITE,
      bytesPerInvocation: bytesPerWrite(settings.consumerConcurrency),
    }),
    new QueuePoller({
      ...DEAD_LETTERS,
      sqs,
      logger,
      queueUrl: settings.rowDlqUrl,
      handler: createDeadLetterHandler({ database, logger, queueName: 'rows' }),
    }),
    new QueuePoller({
      ...DEAD_LETTERS,
      sqs,
      logger,
      queueUrl: settings.segmentDlqUrl,
      handler: createDeadTaskHandler({ database, logger, queueName: 'segments' }),
    }),
  ];
  return {
    async stop() {
      await Promise.all(sources.map((source) => source.stop()));
    },
  };
}

/** What finds new objects in the bucket: either the queue that S3 notifies, or listing the bucket again and again. */
function objectSources(settings: WorkerSettings): { stop(): Promise<void> }[] {
  const { database, sqs, logger, objectQueue, metrics } = settings;
  if (objectQueue === undefined)
    return [
      new BucketWatcher({
        ...settings,
        publish: (upload) => publishUpload(settings, upload),
        onRetriesExhausted: (upload) => failLostUpload(settings, upload),
      }),
    ];
  return [
    new BucketScan({ ...settings, enqueue: (uploads) => enqueueObjects(settings, uploads) }),
    new QueuePoller({
      ...OBJECT_EVENTS,
      sqs,
      logger,
      queueUrl: objectQueue.url,
      handler: metrics.observeObjectEvents(createObjectEventHandler(settings, objectQueue.url)),
    }),
    new QueuePoller({
      ...DEAD_LETTERS,
      sqs,
      logger,
      queueUrl: objectQueue.dlqUrl,
      handler: createLostEventHandler({ database, logger, queueName: 'objects' }),
    }),
  ];
}

function bytesPerWrite(writers: number): number {
  return Math.max(BYTES_PER_WRITE.min, Math.min(BYTES_PER_WRITE.max, BYTES_BEING_WRITTEN / writers));
}
