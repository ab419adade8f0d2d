import { setTimeout as delay } from 'node:timers/promises';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { connect, measureOutbox } from '@rowferry/database';

const POLL_MS = 1000;
const COUNTS = [
  'ApproximateNumberOfMessages',
  'ApproximateNumberOfMessagesNotVisible',
  'ApproximateNumberOfMessagesDelayed',
] as const;

/**
 * Waits until no queue holds a message any more, so that every late copy of a row has been delivered too.
 *
 * @throws when `timeoutMs` passes before: somebody does not take or does not delete messages.
 */
export async function untilDrained(endpoint: string, queues: Record<string, string>, timeoutMs: number): Promise<void> {
  const sqs = new SQSClient({ endpoint, useQueueUrlAsEndpoint: false });
  const end = Date.now() + timeoutMs;
  try {
    for (;;) {
      const left = await Promise.all(Object.values(queues).map((url) => countMessages(sqs, url)));
      if (left.every((messages) => messages === 0)) return;
      if (Date.now() > end) {
        const names = Object.keys(queues).map((name, index) => `${name}: ${left[index]}`);
        throw new Error(`messages are left after ${timeoutMs} ms: ${names.join(', ')}`);
      }
      await delay(POLL_MS);
    }
  } finally {
    sqs.destroy();
  }
}

/** Waits until every event is published. @throws when `timeoutMs` passes before: nobody publishes. */
export async function untilPublished(databaseUrl: string, timeoutMs: number): Promise<void> {
  const database = connect({ url: databaseUrl, poolMax: 1, onWarning: () => {} });
  const end = Date.now() + timeoutMs;
  try {
    for (;;) {
      const { waiting } = await measureOutbox(database);
      if (waiting === 0) return;
      if (Date.now() > end) throw new Error(`${waiting} events are not published after ${timeoutMs} ms`);
      await delay(POLL_MS);
    }
  } finally {
    await database.destroy();
  }
}

async function countMessages(sqs: SQSClient, url: string): Promise<number> {
  const command = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: [...COUNTS] });
  const { Attributes = {} } = await sqs.send(command);
  return COUNTS.reduce((sum, name) => sum + Number(Attributes[name] ?? 0), 0);
}
