import {
  CreateTopicCommand,
  ListTopicsCommand,
  PublishBatchCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test } from 'vitest';
import { killHard, setupEmulator } from '../../test/emulator-fixture.ts';
import { temporaryDirectory } from '../../test/temporary-directory.ts';
import type { Emulator } from '../index.ts';

function snsOf({ endpoint, credentials }: Emulator): SNSClient {
  const sns = new SNSClient({ endpoint, region: 'eu-central-1', credentials, maxAttempts: 1 });
  onTestFinished(() => sns.destroy());
  return sns;
}

async function bodiesIn(sqs: SQSClient, QueueUrl: string): Promise<(string | undefined)[]> {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  return Messages.map(({ Body }) => Body);
}

const severity = (value: string) => ({ severity: { DataType: 'String', StringValue: value } });

test('after kill -9, topics have their subscriptions and filters, and queues what was published before', async () => {
  const dataDir = await temporaryDirectory();
  const before = await setupEmulator({ dataDir });
  const sns = snsOf(before.emulator);
  await before.sqs.send(new CreateQueueCommand({ QueueName: 'alerts' }));
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'events' }));
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({
      ...{ TopicArn, Protocol: 'sqs', Endpoint: 'arn:aws:sqs:eu-central-1:000000000000:alerts' },
      Attributes: { RawMessageDelivery: 'true', FilterPolicy: JSON.stringify({ severity: ['info'] }) },
    }),
  );
  const AttributeValue = JSON.stringify({ severity: ['alert'] });
  await sns.send(
    new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName: 'FilterPolicy', AttributeValue }),
  );
  await sns.send(new PublishCommand({ TopicArn, Message: 'before', MessageAttributes: severity('alert') }));
  await killHard(before.emulator);

  const { emulator, sqs } = await setupEmulator({ dataDir });
  await snsOf(emulator).send(
    new PublishBatchCommand({
      TopicArn,
      PublishBatchRequestEntries: [
        { Id: '1', Message: 'no alert', MessageAttributes: severity('info') },
        { Id: '2', Message: 'after', MessageAttributes: severity('alert') },
      ],
    }),
  );

  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'alerts' }));
  expect(await bodiesIn(sqs, QueueUrl)).toEqual(['before', 'after']);
});

test('operations of SNS that are not used are refused, and so is what was signed with other bytes', async () => {
  const { emulator } = await setupEmulator();
  const sns = snsOf(emulator);
  const nameOf = (error: unknown) => (error instanceof Error ? error.name : error);
  expect(await sns.send(new ListTopicsCommand({})).catch(nameOf)).toBe('AccessDenied');

  sns.middlewareStack.add(
    (next) => async (args) => {
      Object.assign(Object(args.request), { body: String(Object(args.request).body).replace('real', 'fake') });
      return next(args);
    },
    { step: 'deserialize' },
  );
  expect(await sns.send(new CreateTopicCommand({ Name: 'real' })).catch(nameOf)).toBe('InvalidSignatureException');
});
