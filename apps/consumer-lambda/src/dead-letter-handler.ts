import { MAX_RECEIVE_COUNT } from '@rowferry/aws';
import { type Database, keepUnreadableMessage, recordDeadRows, writeRows } from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type Delivery, decodeRecords, isRowsDelivery, type UnreadableDelivery } from './delivery.ts';
import { landControl } from './land-control.ts';
import { settleEach } from './settle-each.ts';
import { sortRows } from './sort-rows.ts';

export type DeadLetterSettings = { database: Database; queueName: string; logger: Logger };

/**
 * The handler of the row queue's dead-letter queue. Good rows are recorded as `dead`; bad ones are `rejected`, as they
 * would have been; what a message says of its upload is recorded after all; a message that nobody can read is kept
 * for an operator. Only then is a message deleted: while Postgres is away, all stay where they are.
 */
export function createDeadLetterHandler({ database, queueName, logger }: DeadLetterSettings) {
  return (event: SQSEvent): Promise<SQSBatchResponse> => {
    const { deliveries, unreadable } = decodeRecords(event.Records);
    return settleEach([...deliveries, ...unreadable], logger, (delivery) =>
      'message' in delivery ? bury(delivery) : keep(delivery),
    );
  };

  async function bury(delivery: Delivery): Promise<void> {
    if (!isRowsDelivery(delivery)) return landControl(database, delivery.message);
    const { valid, rejected } = sortRows([delivery]);
    if (rejected.length > 0) await writeRows(database, [], rejected);
    if (valid.length === 0) return;
    await recordDeadRows(
      database,
      valid.map(({ employee, ...address }) => ({
        ...address,
        // The receipts in the dead-letter queue count on, but were no tries to land the row.
        attempts: Math.min(address.attempts, MAX_RECEIVE_COUNT),
        raw: employee,
      })),
    );
    logger.warn(
      { uploadId: delivery.message.uploadId, rows: valid.length },
      'rows are dead; redrive them when the cause is mended',
    );
  }

  function keep({ messageId, body, error }: UnreadableDelivery): Promise<void> {
    return keepUnreadableMessage(database, { messageId, queue: queueName, body, reason: error.message });
  }
}
