import { decodeMessage, type Message, type MessageOf, UnreadableMessageError } from '@rowferry/messages';
import type { SQSRecord } from 'aws-lambda';

/** One receipt of one message. */
export type Delivery = { messageId: string; receiptHandle: string; receives: number; message: Message };
export type UnreadableDelivery = Omit<Delivery, 'message'> & { body: string; error: UnreadableMessageError };

/** A `rows` message and how often it was received. */
export type RowsDelivery = Delivery & { message: MessageOf<'rows'> };

export type Decoded = { deliveries: Delivery[]; unreadable: UnreadableDelivery[] };

export function decodeRecords(records: readonly SQSRecord[]): Decoded {
  const decoded: Decoded = { deliveries: [], unreadable: [] };
  for (const record of records) {
    const receipt = {
      messageId: record.messageId,
      receiptHandle: record.receiptHandle,
      receives: Number(record.attributes.ApproximateReceiveCount),
    };
    try {
      decoded.deliveries.push({ ...receipt, message: decodeMessage(record.body) });
    } catch (error) {
      if (!(error instanceof UnreadableMessageError)) throw error;
      decoded.unreadable.push({ ...receipt, body: record.body, error });
    }
  }
  return decoded;
}

export function isRowsDelivery(delivery: Delivery): delivery is RowsDelivery {
  return delivery.message.type === 'rows';
}
