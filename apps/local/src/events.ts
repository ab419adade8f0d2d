import {
  CreateTopicCommand,
  ListSubscriptionsByTopicCommand,
  SetSubscriptionAttributesCommand,
  type SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import {
  type AwsEnvironment,
  createSnsClient,
  createSqsClient,
  EVENT_QUEUES,
  type EventQueue,
  subscriptionAttributes,
} from '@rowferry/aws';
import { arnOf, ensureQueueWithDlq } from './resources.ts';

/** The topic and its queues, by the variables that name them. */
export type EventVariables = { EVENTS_TOPIC_ARN: string } & Record<(typeof QUEUE_VARIABLES)[EventQueue], string>;

const QUEUE_VARIABLES = {
  notifications: 'NOTIFICATIONS_QUEUE_URL',
  alerts: 'ALERTS_QUEUE_URL',
  webhooks: 'WEBHOOKS_QUEUE_URL',
} as const satisfies Record<EventQueue, string>;

const QUEUES = Object.keys(EVENT_QUEUES) as EventQueue[];

/**
 * Makes the topic of events and the queues that are subscribed to it, where they are missing. Only for the embedded SNS.
 *
 * @param prefix of all their names.
 */
export async function prepareEvents(environment: AwsEnvironment, prefix = 'rowferry'): Promise<EventVariables> {
  const sns = createSnsClient(environment);
  const sqs = createSqsClient(environment);
  try {
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: `${prefix}-events` }));
    const urls: [string, string][] = [];
    for (const queue of QUEUES) {
      const { url, dlqUrl } = await ensureQueueWithDlq(sqs, `${prefix}-${queue}`);
      const attributes = subscriptionAttributes(queue, await arnOf(sqs, dlqUrl));
      await ensureSubscription(sns, TopicArn, await arnOf(sqs, url), attributes);
      urls.push([QUEUE_VARIABLES[queue], url]);
    }
    // One for each of the queues.
    return { EVENTS_TOPIC_ARN: TopicArn, ...Object.fromEntries(urls) } as EventVariables;
  } finally {
    sns.destroy();
    sqs.destroy();
  }
}

/** One that is there gets these attributes: another version may have made it with others. */
async function ensureSubscription(
  sns: SNSClient,
  topicArn: string,
  queueArn: string,
  attributes: Record<string, string>,
): Promise<void> {
  const { Subscriptions = [] } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: topicArn }));
  const existing = Subscriptions.find(({ Endpoint }) => Endpoint === queueArn)?.SubscriptionArn;
  if (existing === undefined) {
    await sns.send(
      new SubscribeCommand({ TopicArn: topicArn, Protocol: 'sqs', Endpoint: queueArn, Attributes: attributes }),
    );
    return;
  }
  for (const [AttributeName, AttributeValue] of Object.entries(attributes))
    await sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn: existing, AttributeName, AttributeValue }));
}
