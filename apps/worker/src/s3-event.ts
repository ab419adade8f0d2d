import type { S3Event } from 'aws-lambda';

export type ListedObject = { bucket: string; key: string; etag: string; sizeBytes: number; lastModified: Date };

/**
 * The event that S3 would send for an object
 * (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html).
 */
export function toS3Event({ bucket, key, etag, sizeBytes, lastModified }: ListedObject): S3Event {
  return {
    Records: [
      {
        eventVersion: '2.1',
        eventSource: 'aws:s3',
        awsRegion: 'local',
        eventTime: lastModified.toISOString(),
        eventName: 'ObjectCreated:Put',
        userIdentity: { principalId: 'rowferry' },
        requestParameters: { sourceIPAddress: '127.0.0.1' },
        responseElements: { 'x-amz-request-id': '', 'x-amz-id-2': '' },
        s3: {
          s3SchemaVersion: '1.0',
          configurationId: 'rowferry',
          bucket: { name: bucket, ownerIdentity: { principalId: 'rowferry' }, arn: `arn:aws:s3:::${bucket}` },
          object: { key: encodeKey(key), size: sizeBytes, eTag: etag, sequencer: lastModified.getTime().toString(16) },
        },
      },
    ],
  };
}

/** Keys in S3 events are URL-encoded like form data: a space is a plus sign. */
function encodeKey(key: string): string {
  return encodeURIComponent(key).replaceAll('%2F', '/').replaceAll('%20', '+');
}
