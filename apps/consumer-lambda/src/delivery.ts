import { decodeMessage, type Message, type MessageOf, UnreadableMessageError } from '@rowferry/messages';
import { TimeSlice } from '@rowferry/runtime';
import type { SQSRecord } from 'aws-lambda';

/** A received message; `attempts` counts how often it was received, this time included. */
export type Delivery = { messageId: string; receiptHandle: string; attempts: number; message: Message };
export type UnreadableDelivery = Omit<Delivery, 'message'> & { body: string; error: UnreadableMessageError };

export type RowsDelivery = Delivery & { message: MessageOf<'rows'> };

export type Decoded = { deliveries: Delivery[]; unreadable: UnreadableDelivery[] };

/** Decodes a batch, letting the event loop run every few milliseconds between two messages. */
export async function decodeRecords(records: readonly SQSRecord[]): Promise<Decoded> {
  const slice = new TimeSlice();
  const decoded: Decoded = { deliveries: [], unreadable: [] };
  for (const record of records) {
    const received = {
      messageId: record.messageId,
      receiptHandle: record.receiptHandle,
      attempts: Number(record.attributes.ApproximateReceiveCount),
    };
    try {
      decoded.deliveries.push({ ...received, message: decodeMessage(record.body) });
    } catch (error) {
      if (!(error instanceof UnreadableMessageError)) throw error;
      decoded.unreadable.push({ ...received, body: record.body, error });
    }
    if (slice.isOver) await slice.next();
  }
  return decoded;
}

export function isRowsDelivery(delivery: Delivery): delivery is RowsDelivery {
  return delivery.message.type === 'rows';
}
