import type { SQSClient } from '@aws-sdk/client-sqs';
import { delayRetries, type Retry } from '@rowferry/aws';
import { type Database, isDatabaseUnavailable, SearchIndexMaintenance } from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { applyUploadEvents } from './apply-upload-events.ts';
import { decodeRecords, isRowsDelivery, type RowsDelivery } from './delivery.ts';
import { clearReasons, type Failures, logFailures, saveReasons } from './failures.ts';
import { importRows } from './import-rows.ts';

export type RowHandlerSettings = {
  database: Database;
  sqs: SQSClient;
  rowQueueUrl: string;
  logger: Logger;
  /**
   * Longest first wait of messages that failed because the database is away, in seconds; then it doubles. Unset, they wait
   * as after any failure, which is right where the poller pauses meanwhile.
   */
  unavailableBaseSeconds?: number;
};

/**
 * The handler of the row queue: lands the rows of a batch of messages and answers which messages must come again
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting).
 * It never throws for a message's sake: what failed is hidden for a while by exponential backoff and then retried.
 */
export function createRowHandler({ database, sqs, rowQueueUrl, logger, unavailableBaseSeconds }: RowHandlerSettings) {
  const searchIndex = new SearchIndexMaintenance(database);
  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const { deliveries, unreadable } = decodeRecords(event.Records);
    const rows = deliveries.filter(isRowsDelivery);
    const failures: Failures = new Map<string, unknown>([
      ...unreadable.map(({ messageId, error }) => [messageId, error] as const),
      ...(await importRows(database, rows)),
      ...(await applyUploadEvents(database, deliveries)),
    ]);
    await keepSearchIndexUp(rows);
    if (failures.size > 0) {
      logFailures(logger, failures);
      await saveReasons(database, logger, failures);
      const failed = [...deliveries, ...unreadable].filter(({ messageId }) => failures.has(messageId));
      const { away = [], other = [] } = Object.groupBy(failed, ({ messageId }) =>
        isDatabaseUnavailable(failures.get(messageId)) ? 'away' : 'other',
      );
      await delay(away, unavailableBaseSeconds);
      await delay(other);
    }
    await clearReasons(
      database,
      logger,
      deliveries.filter(({ messageId }) => !failures.has(messageId)),
    );
    return { batchItemFailures: [...failures.keys()].map((itemIdentifier) => ({ itemIdentifier })) };
  };

  /** The rows are in their place without it: another batch, or autovacuum, does what could not be done now. */
  async function keepSearchIndexUp(landed: readonly RowsDelivery[]): Promise<void> {
    const count = landed.reduce((sum, { message }) => sum + message.rows.length, 0);
    await searchIndex.wrote(count).catch((error: unknown) => {
      logger.warn({ err: error }, 'the search index could not be brought up to date; it will be later');
    });
  }

  /** Without the backoff the messages still come again, after the queue's own visibility time-out. */
  async function delay(failed: readonly Retry[], baseSeconds?: number): Promise<void> {
    await delayRetries(sqs, rowQueueUrl, failed, baseSeconds).catch((error: unknown) => {
      logger.warn({ messages: failed.length, err: error }, 'the backoff of failed messages could not be set');
    });
  }
}
