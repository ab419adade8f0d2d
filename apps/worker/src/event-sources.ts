import type { SNSClient } from '@aws-sdk/client-sns';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Database } from '@rowferry/database';
import { createAlertHandler, createNotificationHandler, createRelay } from '@rowferry/event-lambda';
import type { Logger } from '@rowferry/runtime';
import { EventRelay } from './event-relay.ts';
import { type QueueHandler, QueuePoller } from './queue-poller.ts';

export type EventSettings = {
  sns: SNSClient;
  /** Undefined: events wait in the database. */
  topicArn: string | undefined;
  /** Undefined: others read them, or nobody. */
  notificationsQueueUrl: string | undefined;
  alertsQueueUrl: string | undefined;
};

/** One message after the other: so they are stored in order, as far as the queue keeps it. */
export const EVENT_POLLING = { concurrency: 1, messagesPerReceive: 10, messagesPerInvocation: 100 };

type Settings = { database: Database; sqs: SQSClient; events?: EventSettings | undefined; logger: Logger };

/** What publishes events, and what reads the queues that are subscribed to them. */
export function eventSources({ database, sqs, events, logger }: Settings): { stop(): Promise<void> }[] {
  if (events === undefined) return [];
  const { sns, topicArn, notificationsQueueUrl, alertsQueueUrl } = events;
  const poll = (queueUrl: string, handler: QueueHandler) =>
    new QueuePoller({ ...EVENT_POLLING, sqs, logger, queueUrl, handler });
  return [
    ...(topicArn === undefined
      ? []
      : [new EventRelay({ relay: createRelay({ database, sns, topicArn, logger }), logger })]),
    ...(notificationsQueueUrl === undefined
      ? []
      : [poll(notificationsQueueUrl, createNotificationHandler({ database, queueName: 'notifications', logger }))]),
    ...(alertsQueueUrl === undefined
      ? []
      : [poll(alertsQueueUrl, createAlertHandler({ database, queueName: 'alerts', logger }))]),
  ];
}
