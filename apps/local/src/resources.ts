import { CreateBucketCommand, HeadBucketCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { CreateQueueCommand, GetQueueAttributesCommand, GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';
import {
  isMissingQueue,
  MAX_RECEIVE_COUNT,
  MESSAGE_RETENTION_SECONDS,
  VISIBILITY_TIMEOUT_SECONDS,
} from '@rowferry/aws';

const QUEUE_ATTRIBUTES = {
  MessageRetentionPeriod: String(MESSAGE_RETENTION_SECONDS),
  VisibilityTimeout: String(VISIBILITY_TIMEOUT_SECONDS),
};

export type QueueUrls = { rows: string; rowsDlq: string; segments: string; segmentsDlq: string };

/** Creates the bucket if it is missing. */
export async function ensureBucket(s3: S3Client, bucket: string): Promise<void> {
  try {
    await s3.send(new HeadBucketCommand({ Bucket: bucket }));
  } catch (error) {
    if (!(error instanceof S3ServiceException) || error.$metadata.httpStatusCode !== 404) throw error;
    await s3.send(new CreateBucketCommand({ Bucket: bucket })).catch(ignoreExisting);
  }
}

/** Creates the queues that are missing, each with its dead-letter queue; `given` are URLs that the environment names. */
export async function ensureQueues(
  sqs: SQSClient,
  given: { [Queue in keyof QueueUrls]: string | undefined },
): Promise<QueueUrls> {
  const rows = await ensureQueueWithDlq(sqs, 'rowferry-rows', { url: given.rows, dlqUrl: given.rowsDlq });
  const segments = await ensureQueueWithDlq(sqs, 'rowferry-segments', {
    url: given.segments,
    dlqUrl: given.segmentsDlq,
  });
  return { rows: rows.url, rowsDlq: rows.dlqUrl, segments: segments.url, segmentsDlq: segments.dlqUrl };
}

type QueueWithDlq = { url: string; dlqUrl: string };

/** Creates a queue and its dead-letter queue, `<name>-dlq`, where they are missing and not `given`. */
export async function ensureQueueWithDlq(
  sqs: SQSClient,
  name: string,
  given: { [Url in keyof QueueWithDlq]?: string | undefined } = {},
): Promise<QueueWithDlq> {
  const dlqUrl = given.dlqUrl ?? (await ensureQueue(sqs, `${name}-dlq`, QUEUE_ATTRIBUTES));
  return { dlqUrl, url: given.url ?? (await ensureSourceQueue(sqs, name, dlqUrl)) };
}

async function ensureSourceQueue(sqs: SQSClient, name: string, dlqUrl: string): Promise<string> {
  const redrive = { deadLetterTargetArn: await arnOf(sqs, dlqUrl), maxReceiveCount: MAX_RECEIVE_COUNT };
  return ensureQueue(sqs, name, { ...QUEUE_ATTRIBUTES, RedrivePolicy: JSON.stringify(redrive) });
}

export async function arnOf(sqs: SQSClient, queueUrl: string): Promise<string> {
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] }),
  );
  if (Attributes?.QueueArn === undefined) throw new Error(`the queue ${queueUrl} has no ARN`);
  return Attributes.QueueArn;
}

async function ensureQueue(sqs: SQSClient, name: string, attributes: Record<string, string>): Promise<string> {
  const existing = await findQueue(sqs, name);
  if (existing !== undefined) return existing;
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  if (QueueUrl === undefined) throw new Error(`SQS created the queue ${name} without a URL`);
  return QueueUrl;
}

async function findQueue(sqs: SQSClient, name: string): Promise<string | undefined> {
  try {
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));
    return QueueUrl;
  } catch (error) {
    if (isMissingQueue(error)) return undefined;
    throw error;
  }
}

/** Two processes may find the bucket missing at the same time. */
function ignoreExisting(error: unknown): void {
  if (error instanceof S3ServiceException && /^Bucket(AlreadyOwnedByYou|AlreadyExists)$/.test(error.name)) return;
  throw error;
}
