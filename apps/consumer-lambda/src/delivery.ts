import { decodeMessage, type Message, type MessageOf, UnreadableMessageError } from '@rowferry/messages';
import { TimeSlice } from '@rowferry/runtime';
import type { SQSRecord } from 'aws-lambda';

/** Attempts beyond are counted as so many; the ledger counts them in two bytes, and adds those of two lives of a row. */
const ATTEMPTS_MAX = 10_000;

/** A received message; `attempts` counts how often it was received, this time included. */
export type Delivery<M extends Message = Message> = {
  messageId: string;
  receiptHandle: string;
  attempts: number;
  body: string;
  message: M;
};
export type UnreadableDelivery = Omit<Delivery, 'message'> & { error: UnreadableMessageError };

export type RowsDelivery = Delivery<MessageOf<'rows'>>;

export type Decoded = { deliveries: Delivery[]; unreadable: UnreadableDelivery[] };

/** Decodes a batch, letting the event loop run every few milliseconds between two messages. */
export async function decodeRecords(records: readonly SQSRecord[]): Promise<Decoded> {
  const slice = new TimeSlice();
  const decoded: Decoded = { deliveries: [], unreadable: [] };
  for (const { messageId, receiptHandle, body, attributes } of records) {
    const received = { messageId, receiptHandle, body, attempts: attemptsOf(attributes) };
    try {
      decoded.deliveries.push({ ...received, message: decodeMessage(body) });
    } catch (error) {
      if (!(error instanceof UnreadableMessageError)) throw error;
      decoded.unreadable.push({ ...received, error });
    }
    if (slice.isOver) await slice.next();
  }
  return decoded;
}

function attemptsOf({ ApproximateReceiveCount }: SQSRecord['attributes']): number {
  const count = Number(ApproximateReceiveCount);
  return Number.isInteger(count) ? Math.min(Math.max(1, count), ATTEMPTS_MAX) : 1;
}

/** Whether a delivery has a message of one of these types. */
export function isAbout<T extends Message['type']>(...types: T[]) {
  const wanted: readonly string[] = types;
  return <D extends Delivery>(delivery: D): delivery is D & Delivery<MessageOf<T>> =>
    wanted.includes(delivery.message.type);
}
