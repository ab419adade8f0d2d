import type { SQSClient } from '@aws-sdk/client-sqs';
import { measureQueue, type QueueDepth } from '@rowferry/aws';
import pTimeout from 'p-timeout';
import { cachedFor } from '../http/ttl-cache.ts';

/** Longest that Postgres or SQS may take to answer, in milliseconds. Prometheus waits for ten seconds in all, unless configured otherwise. */
const ANSWER_TIMEOUT_MS = 3000;

export type QueueSettings = {
  sqs: SQSClient;
  rowQueueUrl: string;
  segmentQueueUrl: string;
  rowDlqUrl?: string | undefined;
  segmentDlqUrl?: string | undefined;
  /** Where S3 notifies of created objects. */
  objectQueue?: { url: string; dlqUrl: string } | undefined;
};

export const QUEUES = ['rows', 'segments', 'objects', 'rows_dlq', 'segments_dlq', 'objects_dlq'] as const;

export type QueueName = (typeof QUEUES)[number];

export type Queue = { queue: QueueName; measure: () => Promise<QueueDepth | undefined> };

/** The queues that there are; each is asked at most every `freshMs`. */
export function queuesOf({ sqs, objectQueue, ...settings }: QueueSettings, freshMs: number): Queue[] {
  const urls: Record<QueueName, string | undefined> = {
    rows: settings.rowQueueUrl,
    segments: settings.segmentQueueUrl,
    objects: objectQueue?.url,
    rows_dlq: settings.rowDlqUrl,
    segments_dlq: settings.segmentDlqUrl,
    objects_dlq: objectQueue?.dlqUrl,
  };
  return QUEUES.flatMap((queue) => {
    const url = urls[queue];
    if (url === undefined) return [];
    const measure = cachedFor(freshMs, () => measureQueue(sqs, url, AbortSignal.timeout(ANSWER_TIMEOUT_MS)));
    return [{ queue, measure: unlessUnavailable(measure) }];
  });
}

/** What cannot be had in time must not keep back what can: undefined in its place. */
export function unlessUnavailable<T>(ask: () => Promise<T>): () => Promise<T | undefined> {
  return () => pTimeout(ask(), { milliseconds: ANSWER_TIMEOUT_MS }).catch(() => undefined);
}
