import { MAX_RECEIVE_COUNT } from '@rowferry/aws';
import { type Database, recordDeadRows, saveUnreadableMessage, writeRows } from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { applyUploadEvent } from './apply-upload-events.ts';
import { type Delivery, decodeRecords, isRowsDelivery, type UnreadableDelivery } from './delivery.ts';
import { partitionRows } from './partition-rows.ts';
import { processRecords } from './process-records.ts';

export type DeadLetterSettings = { database: Database; queueName: string; logger: Logger };

/**
 * The handler of the row queue's dead-letter queue. Good rows are recorded as `dead`; bad ones are `rejected`, as they
 * would have been; what a message says of its upload is recorded after all; an unreadable message is kept for an
 * operator. Only then is a message deleted: while Postgres is unavailable, all stay in the queue.
 */
export function createDeadLetterHandler({ database, queueName, logger }: DeadLetterSettings) {
  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const { deliveries, unreadable } = await decodeRecords(event.Records);
    return processRecords([...deliveries, ...unreadable], logger, (delivery) =>
      'message' in delivery ? recordDeadLetter(delivery) : saveUnreadable(delivery),
    );
  };

  async function recordDeadLetter(delivery: Delivery): Promise<void> {
    if (!isRowsDelivery(delivery)) return applyUploadEvent(database, delivery.message);
    const { valid, rejected } = await partitionRows([delivery]);
    if (rejected.length > 0) await writeRows(database, [], rejected);
    if (valid.length === 0) return;
    await recordDeadRows(
      database,
      valid.map(({ employee, ...address }) => ({
        ...address,
        // SQS goes on counting in the dead-letter queue, where no attempt was made to write the row.
        attempts: Math.min(address.attempts, MAX_RECEIVE_COUNT),
        raw: employee,
      })),
    );
    logger.warn(
      { uploadId: delivery.message.uploadId, rows: valid.length },
      'rows dead-lettered; redrive them when the cause is fixed',
    );
  }

  function saveUnreadable({ messageId, body, error }: UnreadableDelivery): Promise<void> {
    return saveUnreadableMessage(database, { messageId, queue: queueName, body, reason: error.message });
  }
}
