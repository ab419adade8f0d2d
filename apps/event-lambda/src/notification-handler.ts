import { storeNotifications } from '@rowferry/database';
import { isEventType } from '@rowferry/messages';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { decodeEvents, type EventQueueSettings } from './decode-events.ts';

const ALL_DONE: SQSBatchResponse = { batchItemFailures: [] };

/**
 * The handler of the queue of notifications, which gets every event: stores each once. One of a type that this version does
 * not know is stored and counted, too. When Postgres is unavailable it throws, and all messages come again.
 */
export function createNotificationHandler(settings: EventQueueSettings) {
  const { database, logger } = settings;
  return async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    const events = await decodeEvents(settings, Records);
    if (events.length === 0) return ALL_DONE;
    const types = await storeNotifications(database, events);
    const unknown = types.filter((type) => !isEventType(type));
    if (unknown.length > 0)
      logger.warn(
        { types: unknown, metrics: { UnknownEvents: unknown.length } },
        'events of unknown types were stored',
      );
    return ALL_DONE;
  };
}
