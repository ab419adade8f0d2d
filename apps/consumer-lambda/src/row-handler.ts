import type { SQSClient } from '@aws-sdk/client-sqs';
import { delayRetries, type Retry } from '@rowferry/aws';
import type { Database } from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { decodeRecords, isRowsDelivery } from './delivery.ts';
import { type Failures, forgetReasons, keepReasons, logFailures } from './failures.ts';
import { landControls } from './land-control.ts';
import { landRows } from './land-rows.ts';

export type RowHandlerSettings = { database: Database; sqs: SQSClient; rowQueueUrl: string; logger: Logger };

/**
 * The handler of the row queue: lands the rows of a batch of messages and answers which messages must come again
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting).
 * It never throws for a message's sake: what failed is hidden for a while by exponential backoff and then retried.
 */
export function createRowHandler({ database, sqs, rowQueueUrl, logger }: RowHandlerSettings) {
  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const { deliveries, unreadable } = decodeRecords(event.Records);
    const failures: Failures = new Map<string, unknown>([
      ...unreadable.map(({ messageId, error }) => [messageId, error] as const),
      ...(await landRows(database, deliveries.filter(isRowsDelivery))),
      ...(await landControls(database, deliveries)),
    ]);
    if (failures.size > 0) {
      logFailures(logger, failures);
      await keepReasons(database, logger, failures);
      await delay([...deliveries, ...unreadable].filter(({ messageId }) => failures.has(messageId)));
    }
    await forgetReasons(
      database,
      logger,
      deliveries.filter(({ messageId }) => !failures.has(messageId)),
    );
    return { batchItemFailures: [...failures.keys()].map((itemIdentifier) => ({ itemIdentifier })) };
  };

  /** Without the backoff the messages still come again, after the queue's own visibility time-out. */
  async function delay(failed: readonly Retry[]): Promise<void> {
    await delayRetries(sqs, rowQueueUrl, failed).catch((error: unknown) => {
      logger.warn({ messages: failed.length, err: error }, 'the backoff of failed messages could not be set');
    });
  }
}
