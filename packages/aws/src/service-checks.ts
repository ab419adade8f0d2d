import { HeadBucketCommand, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import {
  GetQueueAttributesCommand,
  type QueueAttributeName,
  QueueDoesNotExist,
  type SQSClient,
  SQSServiceException,
} from '@aws-sdk/client-sqs';
import { EnvironmentError } from '@rowferry/runtime';

/** Longest that a start waits for an answer about the bucket and the queues. */
const EXIST_TIMEOUT_MS = 3000;

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

/** True when SQS answers that it has no such queue. AWS, and emulators of its older protocol, name that differently. */
export function isMissingQueue(error: unknown): boolean {
  if (error instanceof QueueDoesNotExist) return true;
  return error instanceof SQSServiceException && /NonExistentQueue|QueueDoesNotExist/.test(error.name);
}

function isMissingBucket(error: unknown): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404;
}

export type NamedServices = {
  s3: S3Client;
  sqs: SQSClient;
  bucket: string;
  /** URLs by the variables that name them. */
  queues: Readonly<Record<string, string | undefined>>;
};

/**
 * Asks for the bucket and the queues. A service that is unavailable, or does not let this process ask, is passed over.
 *
 * @throws EnvironmentError, one line that names every variable whose bucket or queue does not exist.
 */
export async function assertServicesExist({ s3, sqs, bucket, queues }: NamedServices): Promise<void> {
  const signal = AbortSignal.timeout(EXIST_TIMEOUT_MS);
  const named = Object.entries(queues).flatMap(([name, url]) => (url === undefined ? [] : [{ name, url }]));
  const faults = await Promise.all([
    failsWith(pingBucket(s3, bucket, signal), isMissingBucket).then((is) =>
      is ? ['UPLOAD_BUCKET names a bucket that does not exist'] : [],
    ),
    ...named.map(async ({ name, url }) =>
      (await failsWith(measureQueue(sqs, url, signal), isMissingQueue))
        ? [`${name} names a queue that does not exist`]
        : [],
    ),
  ]);
  if (faults.flat().length === 0) return;
  throw new EnvironmentError(`${faults.flat().join('; ')}; create what is missing (docs/aws.md), or correct the name`);
}

async function failsWith(answer: Promise<unknown>, isIt: (error: unknown) => boolean): Promise<boolean> {
  return answer.then(
    () => false,
    (error: unknown) => isIt(error),
  );
}
