import type { S3Client } from '@aws-sdk/client-s3';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { measureQueue, pingBucket } from '@rowferry/aws';
import { type Database, pingDatabase } from '@rowferry/database';
import pTimeout from 'p-timeout';
import { cachedFor } from '../http/ttl-cache.ts';

const SECOND = 1000;
/** Longest that a service may take to answer. */
const ANSWER_TIMEOUT = 3 * SECOND;
/** The path is for everybody, so that however often it is called, the services are not. */
const FRESH = SECOND;

export type ServiceSettings = { database: Database; s3: S3Client; sqs: SQSClient; bucket: string; rowQueueUrl: string };

export type Unreachable = { service: 'postgres' | 's3' | 'sqs'; reason: unknown };

/** Finds out which services cannot be reached. */
export function readinessCheck({
  database,
  s3,
  sqs,
  bucket,
  rowQueueUrl,
}: ServiceSettings): () => Promise<Unreachable[]> {
  return cachedFor(FRESH, async () => {
    const signal = AbortSignal.timeout(ANSWER_TIMEOUT);
    const checks = [
      ask('postgres', pTimeout(pingDatabase(database), { milliseconds: ANSWER_TIMEOUT })),
      ask('s3', pingBucket(s3, bucket, signal)),
      ask('sqs', measureQueue(sqs, rowQueueUrl, signal)),
    ];
    return (await Promise.all(checks)).flat();
  });
}

async function ask(service: Unreachable['service'], answer: Promise<unknown>): Promise<Unreachable[]> {
  return answer.then(
    () => [],
    (reason: unknown) => [{ service, reason }],
  );
}
