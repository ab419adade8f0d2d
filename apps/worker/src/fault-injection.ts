import type { SQSClient } from '@aws-sdk/client-sqs';
import { delayRetries, isLastAttempt } from '@rowferry/aws';
import { type Database, saveFailureReasons } from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';
import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import type { QueueHandler } from './queue-poller.ts';

export type FaultSettings = {
  /** Share of messages that fail at each attempt, 0 to 1. */
  rate: number;
  database: Database;
  sqs: SQSClient;
  rowQueueUrl: string;
  logger: Logger;
};

/**
 * For people who want to see retries, backoff, dead letters and redrive at work (`FAULT_RATE`): makes a share of the
 * messages fail before they are written, in the way in which a real failure would.
 */
export function withFaults(
  handler: QueueHandler,
  { rate, database, sqs, rowQueueUrl, logger }: FaultSettings,
): QueueHandler {
  return async (event) => {
    const faulted = new Set(event.Records.filter(() => Math.random() < rate));
    if (faulted.size > 0) await fail([...faulted]);
    const passed = event.Records.filter((record) => !faulted.has(record));
    const answer: SQSBatchResponse = passed.length > 0 ? await handler({ Records: passed }) : { batchItemFailures: [] };
    const failures = [...faulted].map(({ messageId }) => ({ itemIdentifier: messageId }));
    return { batchItemFailures: [...answer.batchItemFailures, ...failures] };
  };

  /** Best effort, as with a real failure: the messages come again in any case. */
  async function fail(records: readonly SQSRecord[]): Promise<void> {
    const facts = { messages: records.length };
    logger.warn(facts, 'messages failed on purpose (FAULT_RATE); retrying');
    const reason = 'made to fail on purpose by FAULT_RATE';
    const retries = records.map(({ messageId, receiptHandle, attributes }) => ({
      messageId,
      receiptHandle,
      attempts: Number(attributes.ApproximateReceiveCount),
    }));
    const failures = retries.filter(isLastAttempt).map(({ messageId }) => ({ messageId, reason }));
    await Promise.all([saveFailureReasons(database, failures), delayRetries(sqs, rowQueueUrl, retries)]).catch(
      (error: unknown) => logger.warn({ ...facts, err: error }, 'recording messages failed on purpose failed'),
    );
  }
}
