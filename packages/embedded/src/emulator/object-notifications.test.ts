import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { expect, test } from 'vitest';
import { killHard, setupEmulator } from '../../test/emulator-fixture.ts';
import { temporaryDirectory } from '../../test/temporary-directory.ts';

const Bucket = 'uploads';

async function setup(dataDir?: string) {
  const clients = await setupEmulator(dataDir === undefined ? {} : { dataDir });
  const { s3, sqs } = clients;
  await s3.send(new CreateBucketCommand({ Bucket }));
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'created' }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const QueueArn = Attributes?.QueueArn ?? '';
  await subscribe(s3, QueueArn);
  return { ...clients, QueueUrl, QueueArn };
}

function subscribe(s3: S3Client, QueueArn: string) {
  const Filter = { Key: { FilterRules: [{ Name: 'prefix' as const, Value: 'uploads/' }] } };
  const QueueConfigurations = [{ QueueArn, Events: ['s3:ObjectCreated:*' as const], Filter }];
  const NotificationConfiguration = { QueueConfigurations };
  return s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration }));
}

type Created = { eventName: string; eventTime: string; s3: { bucket: object; object: Record<string, unknown> } };

/** What the queue was told, in order, taken out of it. */
async function takeEvents(sqs: SQSClient, QueueUrl: string): Promise<Created[]> {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  for (const { ReceiptHandle } of Messages) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
  return Messages.flatMap(({ Body = '' }): Created[] => JSON.parse(Body).Records);
}

const put = (s3: S3Client, Key: string, Body: string) => s3.send(new PutObjectCommand({ Bucket, Key, Body }));
const unquoted = (etag: string | undefined) => etag?.replaceAll('"', '');
const nameOf = (error: unknown) => (error instanceof Error ? error.name : error);

test('five quick puts to one key are five events, in order, each with its own ETag and size', async () => {
  const { s3, sqs, QueueUrl } = await setup();
  const etags: (string | undefined)[] = [];
  for (const body of ['1', '22', '333', '4444', '55555'])
    etags.push(unquoted((await put(s3, 'uploads/Zoë & co (1)+2.csv', body)).ETag));
  const events = await takeEvents(sqs, QueueUrl);
  expect(events.map(({ s3: { object } }) => object)).toEqual(
    etags.map((eTag, index) => ({
      key: 'uploads/Zo%C3%AB+%26+co+(1)%2B2.csv',
      size: index + 1,
      eTag,
      sequencer: expect.stringMatching(/^[0-9A-F]+$/),
    })),
  );
  const sequencers = events.map(({ s3: { object } }) => String(object.sequencer));
  expect(sequencers.toSorted()).toEqual(sequencers);
  expect(new Set(sequencers).size).toBe(5);
  expect(events.map(({ eventName }) => eventName)).toEqual(Array(5).fill('ObjectCreated:Put'));
});

test('an object that is put and removed at once has left an event, also after kill -9; other keys leave none', async () => {
  const dataDir = await temporaryDirectory();
  const before = await setup(dataDir);
  await put(before.s3, 'uploads/gone.csv', 'x');
  await before.s3.send(new DeleteObjectCommand({ Bucket, Key: 'uploads/gone.csv' }));
  await put(before.s3, 'elsewhere/staff.csv', 'x');
  await killHard(before.emulator);

  const { s3, sqs } = await setupEmulator({ dataDir });
  await put(s3, 'uploads/after.csv', 'x');
  const events = await takeEvents(sqs, before.QueueUrl);
  expect(events.map(({ s3: { object } }) => object.key)).toEqual(['uploads/gone.csv', 'uploads/after.csv']);
});

test('an upload in parts is one event, when it is completed', async () => {
  const { s3, sqs, QueueUrl } = await setup();
  const target = { Bucket, Key: 'uploads/big.csv' };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(target));
  const { ETag } = await s3.send(new UploadPartCommand({ ...target, UploadId, PartNumber: 1, Body: 'hello' }));
  expect(await takeEvents(sqs, QueueUrl)).toEqual([]);
  const MultipartUpload = { Parts: [{ ETag, PartNumber: 1 }] };
  const done = await s3.send(new CompleteMultipartUploadCommand({ ...target, UploadId, MultipartUpload }));
  expect(await takeEvents(sqs, QueueUrl)).toMatchObject([
    { eventName: 'ObjectCreated:CompleteMultipartUpload', s3: { object: { size: 5, eTag: unquoted(done.ETag) } } },
  ]);
});

test('a configuration takes the place of the one before; an unknown queue or other events are refused', async () => {
  const { s3, sqs, QueueUrl, QueueArn } = await setup();
  expect(await subscribe(s3, `${QueueArn}-not`).catch(nameOf)).toBe('InvalidArgument');
  const QueueConfigurations = [{ QueueArn, Events: ['s3:ObjectRemoved:*' as const] }];
  const removals = { Bucket, NotificationConfiguration: { QueueConfigurations } };
  expect(await s3.send(new PutBucketNotificationConfigurationCommand(removals)).catch(nameOf)).toBe('NotImplemented');
  await put(s3, 'uploads/a.csv', 'x');
  expect(await takeEvents(sqs, QueueUrl)).toHaveLength(1);

  await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket, NotificationConfiguration: {} }));
  await put(s3, 'uploads/b.csv', 'x');
  expect(await takeEvents(sqs, QueueUrl)).toEqual([]);
});
