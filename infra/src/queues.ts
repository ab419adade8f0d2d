import { MAX_RECEIVE_COUNT, MESSAGE_RETENTION_SECONDS } from '@rowferry/aws';
import { Duration } from 'aws-cdk-lib';
import * as sqs from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** Time limits of the functions, in seconds: of the one that reads uploads, and of those that read a queue. */
export const OBJECT_TIMEOUT_SECONDS = 15 * 60;
export const QUEUE_TIMEOUT_SECONDS = 2 * 60;

/**
 * A message stays hidden for six times its function's limit, so that batches which Lambda throttles come again without a count
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html).
 */
const VISIBILITY_FACTOR = 6;

export type QueueWithDlq = { queue: sqs.Queue; dlq: sqs.Queue };
export type Queues = { rows: QueueWithDlq; segments: QueueWithDlq; lostEvents: QueueWithDlq };

/** The same as those of `rowferry start`, but that Lambda does not renew the time for which a message is hidden. */
export function createQueues(scope: Construct): Queues {
  return {
    rows: queueWithDlq(scope, 'Rows'),
    segments: queueWithDlq(scope, 'Segments'),
    lostEvents: queueWithDlq(scope, 'LostEvents'),
  };
}

export function queueWithDlq(scope: Construct, id: string): QueueWithDlq {
  const props = {
    encryption: sqs.QueueEncryption.SQS_MANAGED,
    enforceSSL: true,
    retentionPeriod: Duration.seconds(MESSAGE_RETENTION_SECONDS),
    visibilityTimeout: Duration.seconds(VISIBILITY_FACTOR * QUEUE_TIMEOUT_SECONDS),
  };
  const dlq = new sqs.Queue(scope, `${id}Dlq`, props);
  return {
    dlq,
    queue: new sqs.Queue(scope, id, { ...props, deadLetterQueue: { queue: dlq, maxReceiveCount: MAX_RECEIVE_COUNT } }),
  };
}
