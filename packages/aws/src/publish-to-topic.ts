import { PublishBatchCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Event } from '@rowferry/messages';

/**
 * Publishes events to a topic, ten at most (https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html), with the
 * attributes that subscriptions filter by.
 *
 * @returns the ids of those that SNS has taken.
 * @throws the SDK's error when the request as a whole failed.
 */
export async function publishToTopic(
  sns: SNSClient,
  topicArn: string,
  events: readonly Event[],
): Promise<ReadonlySet<string>> {
  const { Successful = [] } = await sns.send(
    new PublishBatchCommand({
      TopicArn: topicArn,
      PublishBatchRequestEntries: events.map((event) => ({
        Id: event.id,
        Message: JSON.stringify(event),
        MessageAttributes: { type: attribute(event.type), severity: attribute(event.severity) },
      })),
    }),
  );
  return new Set(Successful.flatMap(({ Id }) => (Id === undefined ? [] : [Id])));
}

function attribute(value: string) {
  return { DataType: 'String', StringValue: value };
}
