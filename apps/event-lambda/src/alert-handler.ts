import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { decodeEvents, type EventQueueSettings } from './decode-events.ts';

/**
 * The handler of the queue of alerts: a line of the log and a count each, on which an operator's alarm can rest. An alert that
 * is delivered again is logged again, with the same id.
 */
export function createAlertHandler(settings: EventQueueSettings) {
  return async ({ Records }: SQSEvent): Promise<SQSBatchResponse> => {
    for (const { id, type, data } of await decodeEvents(settings, Records))
      settings.logger.error({ eventId: id, type, ...data, metrics: { Alerts: 1 } }, 'alert');
    return { batchItemFailures: [] };
  };
}
