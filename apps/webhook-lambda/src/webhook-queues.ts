import { SendMessageCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { BatchSender } from '@rowferry/aws';
import type { AttemptRequest } from '@rowferry/webhooks';
import { WAKE_BODY } from './webhook-handler.ts';

/** Puts a message into the webhook queue that comes after so many seconds. */
export function wakeThrough(sqs: SQSClient, queueUrl: string): (seconds: number) => Promise<void> {
  return async (DelaySeconds) => {
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl, MessageBody: WAKE_BODY, DelaySeconds }));
  };
}

/** Has attempts made by what reads the queue. */
export function dispatchTo(sqs: SQSClient, queueUrl: string): (requests: readonly AttemptRequest[]) => Promise<void> {
  return async (requests) => {
    const sender = new BatchSender(sqs, queueUrl);
    for (const request of requests) await sender.send(JSON.stringify(request));
    await sender.flush();
  };
}
