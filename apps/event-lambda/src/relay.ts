import type { SNSClient } from '@aws-sdk/client-sns';
import { publishToTopic } from '@rowferry/aws';
import { type Database, measureOutbox, publishEvents } from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';

export type RelaySettings = { database: Database; sns: SNSClient; topicArn: string; logger: Logger };

/** Events that wait for so long have a cause that somebody must look for. */
const SLOW_SECONDS = 5 * 60;

/** Publishes what waits in the outbox. Any number of processes may; one at a time does. */
export function createRelay({ database, sns, topicArn, logger }: RelaySettings): () => Promise<void> {
  return async () => {
    try {
      const published = await publishEvents(database, (events) => publishToTopic(sns, topicArn, events));
      if (published > 0)
        logger.debug({ events: published, metrics: { PublishedEvents: published } }, 'events published');
    } catch (error) {
      await warnWhenSlow({ database, logger });
      throw error;
    }
  };
}

async function warnWhenSlow({ database, logger }: Pick<RelaySettings, 'database' | 'logger'>): Promise<void> {
  const { waiting, oldestSeconds } = await measureOutbox(database);
  if (oldestSeconds > SLOW_SECONDS)
    logger.warn(
      { events: waiting, seconds: oldestSeconds, metrics: { OldestEventSeconds: oldestSeconds } },
      'events wait to be published',
    );
}
