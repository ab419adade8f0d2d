import { PutBucketNotificationConfigurationCommand, type S3Client } from '@aws-sdk/client-s3';
import { type AwsEnvironment, createS3Client, createSqsClient } from '@rowferry/aws';
import { UPLOAD_PREFIX } from '@rowferry/messages';
import { arnOf, ensureQueueWithDlq } from './resources.ts';

export type ObjectQueueUrls = { objects: string; objectsDlq: string };

/**
 * Lets the bucket notify a queue of each object that is created below `uploads/`, and makes the queue where it is missing.
 * Only for the embedded store, whose notifications belong to nobody else: this replaces those that a bucket has.
 */
export async function prepareObjectNotifications(
  environment: AwsEnvironment,
  bucket: string,
): Promise<ObjectQueueUrls> {
  const s3 = createS3Client(environment);
  const sqs = createSqsClient(environment);
  try {
    const { url, dlqUrl } = await ensureQueueWithDlq(sqs, 'rowferry-object-created');
    await notifyOfObjects(s3, bucket, await arnOf(sqs, url));
    return { objects: url, objectsDlq: dlqUrl };
  } finally {
    s3.destroy();
    sqs.destroy();
  }
}

async function notifyOfObjects(s3: S3Client, bucket: string, queueArn: string): Promise<void> {
  const configuration = {
    QueueArn: queueArn,
    Events: ['s3:ObjectCreated:*' as const],
    Filter: { Key: { FilterRules: [{ Name: 'prefix' as const, Value: UPLOAD_PREFIX }] } },
  };
  await s3.send(
    new PutBucketNotificationConfigurationCommand({
      Bucket: bucket,
      NotificationConfiguration: { QueueConfigurations: [configuration] },
    }),
  );
}
