import type { Message } from '@aws-sdk/client-sqs';
import type { S3EventRecord, SQSEvent, SQSRecord } from 'aws-lambda';

/** An object as an S3 event tells of it. */
export type AnnouncedObject = {
  bucket: string;
  /** As it is in the bucket; the event has it URL-encoded. */
  key: string;
  etag: string;
  sizeBytes?: number;
  versionId?: string;
  eventTime?: string;
  eventName?: string;
};

/** One record of an S3 event (https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html). */
export function s3Record({ bucket, key, etag, sizeBytes = 1, versionId, eventTime, eventName }: AnnouncedObject) {
  return {
    eventVersion: '2.1',
    eventSource: 'aws:s3',
    awsRegion: 'us-east-1',
    eventTime: eventTime ?? '2026-11-22T10:00:00.000Z',
    eventName: eventName ?? 'ObjectCreated:Put',
    userIdentity: { principalId: 'AWS:test' },
    requestParameters: { sourceIPAddress: '127.0.0.1' },
    responseElements: { 'x-amz-request-id': 'test', 'x-amz-id-2': 'test' },
    s3: {
      s3SchemaVersion: '1.0',
      configurationId: 'test',
      bucket: { name: bucket, ownerIdentity: { principalId: 'test' }, arn: `arn:aws:s3:::${bucket}` },
      object: {
        // As java.net.URLEncoder does it, which is what S3 uses.
        key: encodeURIComponent(key).replaceAll('%20', '+').replaceAll('%2F', '/'),
        size: sizeBytes,
        eTag: etag.replaceAll('"', ''),
        ...(versionId === undefined ? {} : { versionId }),
        sequencer: '0',
      },
    },
  } satisfies S3EventRecord;
}

/** Received messages as Lambda hands them to a function (https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html). */
export function sqsEvent(messages: readonly Message[]): SQSEvent {
  return { Records: messages.map(toRecord) };
}

function toRecord({ MessageId = '', ReceiptHandle = '', Body = '', MD5OfBody = '', Attributes }: Message): SQSRecord {
  return {
    messageId: MessageId,
    receiptHandle: ReceiptHandle,
    body: Body,
    attributes: {
      ApproximateReceiveCount: Attributes?.ApproximateReceiveCount ?? '1',
      SentTimestamp: Attributes?.SentTimestamp ?? '0',
      SenderId: Attributes?.SenderId ?? '',
      ApproximateFirstReceiveTimestamp: Attributes?.ApproximateFirstReceiveTimestamp ?? '0',
    },
    messageAttributes: {},
    md5OfBody: MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:test',
    awsRegion: 'us-east-1',
  };
}
