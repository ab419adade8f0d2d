import { type Database, saveUnreadableMessage } from '@rowferry/database';
import { decodeEvent, type Event, UnreadableMessageError } from '@rowferry/messages';
import type { Logger } from '@rowferry/runtime';
import type { SQSRecord } from 'aws-lambda';

export type EventQueueSettings = { database: Database; queueName: string; logger: Logger };

/** The events in messages. What is none is kept for an operator: it would be none the next time either. */
export async function decodeEvents(
  { database, queueName, logger }: EventQueueSettings,
  records: readonly SQSRecord[],
): Promise<Event[]> {
  const events: Event[] = [];
  for (const { messageId, body } of records) {
    try {
      events.push(decodeEvent(body));
    } catch (error) {
      if (!(error instanceof UnreadableMessageError)) throw error;
      await saveUnreadableMessage(database, { messageId, queue: queueName, body, reason: error.message });
      logger.warn(
        { messageId, queue: queueName, metrics: { UnreadableMessages: 1 } },
        'message is kept in unreadable_messages',
      );
    }
  }
  return events;
}
