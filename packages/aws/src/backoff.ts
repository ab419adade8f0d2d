import { ChangeMessageVisibilityBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';

/** Longest first wait. */
const BASE_SECONDS = 2;
const CAP_SECONDS = 15 * 60;
/** Entries in one ChangeMessageVisibilityBatch, as in every SQS batch request. */
const BATCH_ENTRIES = 10;

/** Receipts of a message after which its queue moves it to the dead-letter queue. */
export const MAX_RECEIVE_COUNT = 5;

export type Retry = { receiptHandle: string; receives: number };

/**
 * Seconds until a message that failed is tried again: exponential with full jitter, so that messages that failed
 * together do not come back together (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/).
 *
 * @param receives how often the message was received, from 1.
 * @param baseSeconds the longest wait after the first receipt; it doubles with each.
 */
export function backoffSeconds(
  receives: number,
  baseSeconds: number = BASE_SECONDS,
  random: () => number = Math.random,
): number {
  const ceiling = Math.min(CAP_SECONDS, baseSeconds * 2 ** (receives - 1));
  return Math.max(1, Math.round(random() * ceiling));
}

/** Hides failed messages for as long as their next try shall wait, instead of the queue's fixed visibility time-out. */
export async function delayRetries(
  sqs: SQSClient,
  queueUrl: string,
  retries: readonly Retry[],
  baseSeconds?: number,
): Promise<void> {
  const entries = retries.map(({ receiptHandle, receives }, index) => ({
    Id: String(index),
    ReceiptHandle: receiptHandle,
    VisibilityTimeout: backoffSeconds(receives, baseSeconds),
  }));
  for (let start = 0; start < entries.length; start += BATCH_ENTRIES) {
    const Entries = entries.slice(start, start + BATCH_ENTRIES);
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}
