import type { SNSClient } from '@aws-sdk/client-sns';
import { publishToTopic } from '@rowferry/aws';
import { type Database, publishEvents } from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';

type PublishSettings = { database: Database; sns: SNSClient; topicArn: string | undefined; logger: Logger };

/**
 * A handler that publishes the events that wait when its work is done: also those that it has just made true. A schedule publishes
 * those that it cannot (docs/decisions/0021-events.md).
 */
export function publishingAfter<Event, Answer>(
  { database, sns, topicArn, logger }: PublishSettings,
  handler: (event: Event) => Promise<Answer>,
): (event: Event) => Promise<Answer> {
  if (topicArn === undefined) return handler;
  return async (event) => {
    const answer = await handler(event);
    await publishEvents(database, (events) => publishToTopic(sns, topicArn, events)).catch((error: unknown) =>
      logger.warn({ err: error }, 'publishing events failed; they wait in the database'),
    );
    return answer;
  };
}
