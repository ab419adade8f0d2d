import { randomUUID } from 'node:crypto';
import { CreateBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { type AwsEnvironment, createS3Client, createSqsClient, MAX_RECEIVE_COUNT } from '@rowferry/aws';
import { onTestFinished } from 'vitest';
import { services } from './services.ts';

export type TestClients = { aws: AwsEnvironment; s3: S3Client; sqs: SQSClient };

export type TestQueues = { rowQueueUrl: string; rowDlqUrl: string; segmentQueueUrl: string; segmentDlqUrl: string };

/** Clients for the run's S3 and SQS, or for the same through `endpoint`; closed at the end of the test. */
export function setupClients(endpoint = services().endpoint): TestClients {
  const aws: AwsEnvironment = {
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: endpoint,
    AWS_ENDPOINT_URL_S3: undefined,
    AWS_ENDPOINT_URL_SQS: undefined,
    AWS_ENDPOINT_URL_SNS: undefined,
  };
  const s3 = createS3Client(aws);
  const sqs = createSqsClient(aws);
  onTestFinished(() => {
    s3.destroy();
    sqs.destroy();
  });
  return { aws, s3, sqs };
}

/** An empty bucket of the test's own. */
export async function setupBucket(s3: S3Client): Promise<string> {
  const bucket = `test-${randomUUID()}`;
  await s3.send(new CreateBucketCommand({ Bucket: bucket }));
  return bucket;
}

/** Empty queues of the test's own, those for rows and segments each with its dead-letter queue. */
export async function setupQueues(sqs: SQSClient): Promise<TestQueues> {
  const name = `test-${randomUUID()}`;
  const [rowDlqUrl, segmentDlqUrl] = await Promise.all([
    createQueue(sqs, `${name}-rows-dlq`),
    createQueue(sqs, `${name}-segments-dlq`),
  ]);
  const [rowQueueUrl, segmentQueueUrl] = await Promise.all([
    createQueue(sqs, `${name}-rows`, await redriveTo(sqs, rowDlqUrl)),
    createQueue(sqs, `${name}-segments`, await redriveTo(sqs, segmentDlqUrl)),
  ]);
  return { rowQueueUrl, rowDlqUrl, segmentQueueUrl, segmentDlqUrl };
}

async function createQueue(sqs: SQSClient, name: string, attributes: Record<string, string> = {}): Promise<string> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  if (QueueUrl === undefined) throw new Error(`the queue ${name} has no URL`);
  return QueueUrl;
}

async function redriveTo(sqs: SQSClient, dlqUrl: string): Promise<Record<string, string>> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: dlqUrl, AttributeNames: ['QueueArn'] }),
  );
  const policy = { deadLetterTargetArn: Attributes?.QueueArn, maxReceiveCount: MAX_RECEIVE_COUNT };
  return { RedrivePolicy: JSON.stringify(policy) };
}

/** Sends messages one after the other and receives them, so that they are in the hands of a handler, in this order. */
export async function deliver(sqs: SQSClient, queueUrl: string, bodies: readonly string[]): Promise<Message[]> {
  const messages: Message[] = [];
  for (const body of bodies) {
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body }));
    messages.push(...(await receive(sqs, queueUrl)));
  }
  return messages;
}

/** Receives up to ten messages, which stay in the queue, hidden for a while. */
export async function receive(sqs: SQSClient, queueUrl: string): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds: 0,
      MessageSystemAttributeNames: ['All'],
    }),
  );
  return Messages;
}

/** Everything that is in a queue now, taken out of it. For queues that nobody else reads. */
export async function takeAll(sqs: SQSClient, queueUrl: string): Promise<Message[]> {
  const taken: Message[] = [];
  for (let messages = await receive(sqs, queueUrl); messages.length > 0; messages = await receive(sqs, queueUrl)) {
    taken.push(...messages);
    await remove(sqs, queueUrl, messages);
  }
  return taken;
}

/** Deletes received messages, ten at most. */
export async function remove(sqs: SQSClient, queueUrl: string, messages: readonly Message[]): Promise<void> {
  const Entries = messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries }));
}

/** How many messages of a queue can be received, and how many are hidden because they were. */
export async function depthOf(sqs: SQSClient, queueUrl: string): Promise<{ visible: number; hidden: number }> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({
      QueueUrl: queueUrl,
      AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
    }),
  );
  return {
    visible: Number(Attributes?.ApproximateNumberOfMessages),
    hidden: Number(Attributes?.ApproximateNumberOfMessagesNotVisible),
  };
}

/** Puts messages into a queue. */
export async function enqueue(sqs: SQSClient, queueUrl: string, bodies: readonly string[]): Promise<void> {
  for (const body of bodies) await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: body }));
}
