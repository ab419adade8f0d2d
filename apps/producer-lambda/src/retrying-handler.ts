import type { SQSClient } from '@aws-sdk/client-sqs';
import { delayRetries, failuresOf, toBatchResponse } from '@rowferry/aws';
import type { Logger } from '@rowferry/runtime';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';

export type RetrySettings = {
  sqs: SQSClient;
  queueUrl: string;
  logger: Logger;
  /** What the log says when the work for a message failed. */
  failureText: string;
  /** Longest wait after the first attempt, in seconds; it doubles with each. Unset: as for the messages of all queues. */
  retryBaseSeconds?: number;
};

/** The handler of a queue that does `work` for one message after the other. What failed comes again after a backoff. */
export function createRetryingHandler(
  { sqs, queueUrl, logger, failureText, retryBaseSeconds }: RetrySettings,
  work: (record: SQSRecord) => Promise<void>,
) {
  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const failed: SQSRecord[] = [];
    const failures = await failuresOf(event.Records, work, (record, error) => {
      logger.warn({ messageId: record.messageId, err: error }, failureText);
      failed.push(record);
    });
    const retries = failed.map(({ receiptHandle, attributes }) => ({
      receiptHandle,
      attempts: Number(attributes.ApproximateReceiveCount),
    }));
    await delayRetries(sqs, queueUrl, retries, retryBaseSeconds).catch((error: unknown) => {
      logger.warn({ queueUrl, messages: failed.length, err: error }, 'setting the backoff of failed messages failed');
    });
    return toBatchResponse(failures);
  };
}
