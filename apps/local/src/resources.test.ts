import { randomUUID } from 'node:crypto';
import { GetQueueAttributesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { keysOf, putObject, setupClients } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { ensureBucket, ensureQueues } from './resources.ts';

const NONE = { rows: undefined, rowsDlq: undefined, segments: undefined, segmentsDlq: undefined };

async function attributesOf(sqs: SQSClient, queueUrl: string) {
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['All'] }));
  return Attributes ?? {};
}

test('a bucket is made if it is missing, by many at once too, and left alone if it is there', async () => {
  const { s3 } = setupClients();
  const bucket = `test-${randomUUID()}`;

  await Promise.all(Array.from({ length: 5 }, () => ensureBucket(s3, bucket)));
  await putObject(s3, { bucket, key: 'uploads/a.csv', content: 'x' });
  await ensureBucket(s3, bucket);

  expect(await keysOf(s3, bucket)).toEqual(['uploads/a.csv']);
});

test('queues are made with their dead-letter queues, by many at once too, and are the same the next time', async () => {
  const { sqs } = setupClients();

  const [urls, ...others] = await Promise.all(Array.from({ length: 5 }, () => ensureQueues(sqs, NONE)));
  if (urls === undefined) throw new Error('no queues');

  for (const other of others) expect(other).toEqual(urls);
  expect(await ensureQueues(sqs, NONE)).toEqual(urls);
  for (const [queue, dlq] of [
    [urls.rows, urls.rowsDlq],
    [urls.segments, urls.segmentsDlq],
  ] as const) {
    const { QueueArn } = await attributesOf(sqs, dlq);
    const { RedrivePolicy = '{}' } = await attributesOf(sqs, queue);
    expect(JSON.parse(RedrivePolicy)).toMatchObject({ deadLetterTargetArn: QueueArn, maxReceiveCount: 5 });
    expect(await attributesOf(sqs, dlq)).toMatchObject({ MessageRetentionPeriod: '1209600' });
  }
});

test('queues that the environment names are taken as they are', async () => {
  const { sqs } = setupClients();
  const given = {
    rows: 'http://sqs/1/r',
    rowsDlq: 'http://sqs/1/rd',
    segments: 'http://sqs/1/s',
    segmentsDlq: 'http://sqs/1/sd',
  };
  expect(await ensureQueues(sqs, given)).toEqual(given);
});
