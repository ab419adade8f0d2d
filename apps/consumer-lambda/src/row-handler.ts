import type { SQSClient } from '@aws-sdk/client-sqs';
import { delayRetries } from '@rowferry/aws';
import type { Database } from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { type Delivery, decodeRecords, type UnreadableDelivery } from './delivery.ts';
import { type ControlMessage, landControl } from './land-control.ts';
import { landRows } from './land-rows.ts';
import type { RowsDelivery } from './sort-rows.ts';

export type RowHandlerSettings = { database: Database; sqs: SQSClient; rowQueueUrl: string; logger: Logger };

/**
 * The handler of the row queue: lands the rows of a batch of messages and answers which messages must come again
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html#services-sqs-batchfailurereporting).
 * It never throws for a message's sake: what failed is hidden for a while by exponential backoff and then retried.
 */
export function createRowHandler({ database, sqs, rowQueueUrl, logger }: RowHandlerSettings) {
  return async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const { deliveries, unreadable } = decodeRecords(event.Records);
    logUnreadable(unreadable);
    const failed = new Set([
      ...unreadable.map(({ messageId }) => messageId),
      ...(await landRows(database, logger, deliveries.filter(isRows))),
      ...(await landControls(deliveries)),
    ]);
    await delayFailed([...deliveries, ...unreadable].filter(({ messageId }) => failed.has(messageId)));
    return { batchItemFailures: [...failed].map((itemIdentifier) => ({ itemIdentifier })) };
  };

  async function landControls(deliveries: readonly Delivery[]): Promise<string[]> {
    const failed: string[] = [];
    for (const { messageId, message } of deliveries) {
      if (!isControl(message)) continue;
      try {
        await landControl(database, message);
      } catch (error) {
        logger.warn({ messageId, type: message.type, err: error }, 'a message was not landed');
        failed.push(messageId);
      }
    }
    return failed;
  }

  function logUnreadable(unreadable: readonly UnreadableDelivery[]): void {
    for (const { messageId, error } of unreadable)
      logger.warn({ messageId, reason: error.message }, 'a message is unreadable');
  }

  /** Without the backoff the messages still come again, after the queue's own visibility time-out. */
  async function delayFailed(failed: readonly Pick<Delivery, 'receiptHandle' | 'receives'>[]): Promise<void> {
    if (failed.length === 0) return;
    await delayRetries(sqs, rowQueueUrl, failed).catch((error: unknown) => {
      logger.warn({ messages: failed.length, err: error }, 'the backoff of failed messages could not be set');
    });
  }
}

function isRows(delivery: Delivery): delivery is Delivery & RowsDelivery {
  return delivery.message.type === 'rows';
}

function isControl(message: Delivery['message']): message is ControlMessage {
  return message.type !== 'rows';
}
