import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { isMissingQueue, measureQueue, pingBucket } from '@rowferry/aws';
import { type Database, missingMigrations, pingDatabase } from '@rowferry/database';
import pTimeout from 'p-timeout';
import { cachedFor } from '../http/ttl-cache.ts';

const SECOND = 1000;
/** Longest that a service may take to answer. */
const ANSWER_TIMEOUT = 3 * SECOND;
/** The path is for everybody, so that however often it is called, the services are not. */
const FRESH = SECOND;

export type ServiceSettings = {
  database: Database;
  s3: S3Client;
  sqs: SQSClient;
  bucket: string;
  rowQueueUrl: string;
  segmentQueueUrl: string;
  objectQueue?: { url: string } | undefined;
};

/** The schema of the database is older than this version, or there is none. */
class OldSchemaError extends Error {
  override readonly name = 'OldSchemaError';
}

/** SQS answers, but has no such queue. */
class NoQueueError extends Error {
  override readonly name = 'NoQueueError';
}

export const SERVICES = ['postgres', 's3', 'sqs'] as const;

/** `fault` says what is wrong, and what to do if something can be done here. */
export type NotReady = { service: (typeof SERVICES)[number]; fault: string; reason: unknown };

/** Finds out which services cannot be used. */
export function readinessCheck(settings: ServiceSettings): () => Promise<NotReady[]> {
  const { database, s3, bucket } = settings;
  return cachedFor(FRESH, async () => {
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT);
    const checks = [
      ask('postgres', pTimeout(checkDatabase(database), { milliseconds: ANSWER_TIMEOUT })),
      ask('s3', pingBucket(s3, bucket, signal)),
      ask('sqs', checkQueues(settings, signal)),
    ];
    return (await Promise.all(checks)).flat();
  });
}

async function checkDatabase(database: Database): Promise<void> {
  await pingDatabase(database);
  const missing = await missingMigrations(database);
  if (missing.length > 0) throw new OldSchemaError(`lacks the migrations ${missing.join(', ')}`);
}

async function checkQueues(settings: ServiceSettings, signal: AbortSignal): Promise<void> {
  const { sqs, rowQueueUrl, segmentQueueUrl, objectQueue } = settings;
  const queues = { ROW_QUEUE_URL: rowQueueUrl, SEGMENT_QUEUE_URL: segmentQueueUrl, OBJECT_QUEUE_URL: objectQueue?.url };
  await Promise.all(
    Object.entries(queues).map(async ([name, url]) => {
      if (url === undefined) return;
      await measureQueue(sqs, url, signal).catch((error: unknown) => {
        throw isMissingQueue(error) ? new NoQueueError(`has no queue as ${name} names it`, { cause: error }) : error;
      });
    }),
  );
}

async function ask(service: NotReady['service'], answer: Promise<unknown>): Promise<NotReady[]> {
  return answer.then(
    () => [],
    (reason: unknown) => [{ service, fault: faultOf(reason), reason }],
  );
}

function faultOf(reason: unknown): string {
  if (reason instanceof OldSchemaError)
    return 'has no schema, or an old one: run "npm run migrate" or "rowferry migrate"';
  return reason instanceof NoQueueError ? reason.message : 'is not reachable';
}
