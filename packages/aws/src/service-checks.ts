import { HeadBucketCommand, type S3Client } from '@aws-sdk/client-s3';
import { GetQueueAttributesCommand, type QueueAttributeName, type SQSClient } from '@aws-sdk/client-sqs';

/** Whether S3 answers and has the bucket. @throws when not. */
export async function pingBucket(s3: S3Client, bucket: string, abortSignal: AbortSignal): Promise<void> {
  await s3.send(new HeadBucketCommand({ Bucket: bucket }), { abortSignal });
}

export type QueueDepth = { visible: number; inFlight: number; delayed: number };

const DEPTH_ATTRIBUTES = {
  visible: 'ApproximateNumberOfMessages',
  inFlight: 'ApproximateNumberOfMessagesNotVisible',
  delayed: 'ApproximateNumberOfMessagesDelayed',
} as const satisfies Record<keyof QueueDepth, QueueAttributeName>;

/** How many messages a queue has, approximately, as SQS says. @throws when SQS does not answer or has no such queue. */
export async function measureQueue(sqs: SQSClient, queueUrl: string, abortSignal: AbortSignal): Promise<QueueDepth> {
  const command = new GetQueueAttributesCommand({
    QueueUrl: queueUrl,
    AttributeNames: Object.values(DEPTH_ATTRIBUTES),
  });
  const { Attributes = {} } = await sqs.send(command, { abortSignal });
  const read = (name: keyof QueueDepth) => Number(Attributes[DEPTH_ATTRIBUTES[name]] ?? 0);
  return { visible: read('visible'), inFlight: read('inFlight'), delayed: read('delayed') };
}
