import { ChangeMessageVisibilityBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { backoffMs, withJitter } from '@rowferry/runtime';
import { RETRY_SECONDS, SQS_BATCH_SIZE } from './queue-settings.ts';

const SECOND = 1000;

export type Retry = { receiptHandle: string; attempts: number };

/**
 * Whole seconds, one at least, until the next attempt of a message that failed: exponential with full jitter.
 *
 * @param attempts how often the message was received, from 1.
 * @param baseSeconds the longest wait after the first attempt; it doubles with each.
 */
export function backoffSeconds(
  attempts: number,
  baseSeconds: number = RETRY_SECONDS.base,
  random?: () => number,
): number {
  const longest = backoffMs(attempts, { baseMs: baseSeconds * SECOND, capMs: RETRY_SECONDS.cap * SECOND });
  return Math.max(1, Math.round(withJitter(longest, random) / SECOND));
}

/** Hides failed messages until their next attempt, instead of for the queue's fixed visibility time-out. */
export async function delayRetries(
  sqs: SQSClient,
  queueUrl: string,
  retries: readonly Retry[],
  baseSeconds?: number,
): Promise<void> {
  const entries = retries.map(({ receiptHandle, attempts }, index) => ({
    Id: String(index),
    ReceiptHandle: receiptHandle,
    VisibilityTimeout: backoffSeconds(attempts, baseSeconds),
  }));
  for (let start = 0; start < entries.length; start += SQS_BATCH_SIZE) {
    const Entries = entries.slice(start, start + SQS_BATCH_SIZE);
    await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
  }
}
