import type { SQSClient } from '@aws-sdk/client-sqs';
import { delayRetries } from '@rowferry/aws';
import { type Database, isDatabaseUnavailable, SearchIndexMaintenance } from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { applyUploadEvents } from './apply-upload-events.ts';
import { type Delivery, decodeRecords, isRowsDelivery, type RowsDelivery } from './delivery.ts';
import { clearReasons, type Failures, logFailures, saveReasons, toBatchResponse } from './failures.ts';
import { importRows } from './import-rows.ts';

export type RowHandlerSettings = {
  database: Database;
  sqs: SQSClient;
  rowQueueUrl: string;
  logger: Logger;
  /**
   * Longest first wait of messages that failed because the database is unavailable, in seconds; then it doubles. Unset,
   * they wait as after any failure, which is right where the poller pauses meanwhile.
   */
  unavailableBaseSeconds?: number;
};

/**
 * The handler of the row queue: imports the rows of a batch of messages and answers which messages failed
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting).
 * It never throws because of a message: what failed is hidden for a while by exponential backoff and then retried.
 */
export function createRowHandler({ database, sqs, rowQueueUrl, logger, unavailableBaseSeconds }: RowHandlerSettings) {
  const searchIndex = new SearchIndexMaintenance(database);
  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const { deliveries, unreadable } = await decodeRecords(event.Records);
    const rows = deliveries.filter(isRowsDelivery);
    const failures: Failures = new Map<string, unknown>([
      ...unreadable.map(({ messageId, error }) => [messageId, error] as const),
      ...(await importRows(database, rows)),
      ...(await applyUploadEvents(database, deliveries)),
    ]);
    await maintainSearchIndex(rows);
    logFailures(logger, failures);
    await saveReasons(database, logger, deliveries, failures);
    await clearReasons(database, logger, deliveries, failures);
    await delayFailed(
      [...deliveries, ...unreadable].filter(({ messageId }) => failures.has(messageId)),
      failures,
    );
    return toBatchResponse(failures);
  };

  /** The rows are written without it: another batch, or autovacuum, does later what could not be done now. */
  async function maintainSearchIndex(written: readonly RowsDelivery[]): Promise<void> {
    const count = written.reduce((sum, { message }) => sum + message.rows.length, 0);
    await searchIndex.wrote(count).catch((error: unknown) => {
      logger.warn({ err: error }, 'search index maintenance failed; a later batch does it');
    });
  }

  /** Without the backoff, the messages still come again after the queue's own visibility time-out. */
  async function delayFailed(failed: readonly Omit<Delivery, 'message'>[], failures: Failures): Promise<void> {
    const { unavailable = [], other = [] } = Object.groupBy(failed, ({ messageId }) =>
      isDatabaseUnavailable(failures.get(messageId)) ? 'unavailable' : 'other',
    );
    try {
      await delayRetries(sqs, rowQueueUrl, unavailable, unavailableBaseSeconds);
      await delayRetries(sqs, rowQueueUrl, other);
    } catch (error) {
      logger.warn({ messages: failed.length, err: error }, 'setting the backoff of failed messages failed');
    }
  }
}
