import { EVENT_QUEUES, type EventQueue, SQS_BATCH_SIZE } from '@rowferry/aws';
import { Duration } from 'aws-cdk-lib';
import * as schedule from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import * as iam from 'aws-cdk-lib/aws-iam';
import type * as lambda from 'aws-cdk-lib/aws-lambda';
import * as sns from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import type { Database } from './database.ts';
import { type Context, createFunction, LEAST_CONCURRENCY, readQueue, roleOf } from './functions.ts';
import type { Network } from './network.ts';
import { QUEUE_TIMEOUT_SECONDS, type QueueWithDlq, queueWithDlq } from './queues.ts';
import { allowPublish } from './topic.ts';

/** Connections of one container (apps/event-lambda/src/lambda.ts). */
export const EVENT_POOL_MAX = 1;

export type EventFunctions = Record<'relay' | 'notifications' | 'alerts', lambda.Function>;
export type Events = {
  functions: EventFunctions;
  queues: Record<'notifications' | 'alerts', QueueWithDlq>;
};

/**
 * Subscribes the queues to the topic, and makes what publishes events and what reads two of the queues.
 *
 * @param webhooks the queue of events for webhooks.
 */
export function createEvents(
  scope: Construct,
  context: Context,
  {
    network,
    database,
    topic,
    webhooks,
  }: { network: Network; database: Database; topic: sns.Topic; webhooks: QueueWithDlq },
): Events {
  const queues = {
    notifications: queueWithDlq(scope, 'Notifications'),
    alerts: queueWithDlq(scope, 'Alerts'),
  };
  const subscribed = { ...queues, webhooks } satisfies Record<EventQueue, QueueWithDlq>;
  for (const queue of Object.keys(subscribed) as EventQueue[]) subscribe(scope, topic, queue, subscribed[queue]);

  const withDatabase = (id: string, handler: string) => {
    const created = createFunction(scope, id, context, {
      bundle: 'event',
      handler,
      timeoutSeconds: QUEUE_TIMEOUT_SECONDS,
      environment: { ...database.environment, EVENTS_TOPIC_ARN: topic.topicArn },
      network,
    });
    database.grantConnect(roleOf(created));
    return created;
  };
  const functions = {
    relay: withDatabase('relay', 'relayHandler'),
    notifications: withDatabase('notifications', 'notificationHandler'),
    alerts: withDatabase('alerts', 'alertHandler'),
  };
  allowPublish(topic, roleOf(functions.relay));
  const few = { batchSize: SQS_BATCH_SIZE, maxConcurrency: LEAST_CONCURRENCY };
  readQueue(functions.notifications, queues.notifications.queue, few);
  readQueue(functions.alerts, queues.alerts.queue, few);
  new schedule.Rule(scope, 'RelaySchedule', {
    schedule: schedule.Schedule.rate(Duration.minutes(1)),
    // The next call does the same.
    targets: [new LambdaFunction(functions.relay, { retryAttempts: 0 })],
  });
  return { functions, queues };
}

/** The same as in `rowferry start` (`subscriptionAttributes`). What SNS cannot deliver goes where what nobody can read goes. */
function subscribe(scope: Construct, topic: sns.Topic, name: EventQueue, { queue, dlq }: QueueWithDlq): void {
  for (const target of [queue, dlq])
    target.addToResourcePolicy(
      new iam.PolicyStatement({
        principals: [new iam.ServicePrincipal('sns.amazonaws.com')],
        actions: ['sqs:SendMessage'],
        resources: [target.queueArn],
        conditions: { ArnEquals: { 'aws:SourceArn': topic.topicArn } },
      }),
    );
  new sns.CfnSubscription(scope, `Events-${name}`, {
    topicArn: topic.topicArn,
    protocol: 'sqs',
    endpoint: queue.queueArn,
    rawMessageDelivery: true,
    filterPolicyScope: 'MessageAttributes',
    filterPolicy: EVENT_QUEUES[name].filter,
    redrivePolicy: { deadLetterTargetArn: dlq.queueArn },
  });
}
