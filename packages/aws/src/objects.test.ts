import { putObject, removeObject, services, setupBucket, setupClients, setupProxy } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { createS3Client, createSqsClient } from './clients.ts';
import { beforeReading, ObjectGoneError, openObject, readObject } from './objects.ts';
import { isServiceUnavailable } from './service-unavailable.ts';

async function setupObject(content = '0123456789') {
  const { s3 } = setupClients();
  const bucket = await setupBucket(s3);
  const object = await putObject(s3, { bucket, key: 'uploads/a b+c.csv', content });
  return { s3, bucket, key: object.key, etag: `"${object.etag}"` };
}

test('an object is read whole, or a range of it, the end excluded', async () => {
  const { s3, etag, ...address } = await setupObject();
  const text = async (range?: { start: number; end: number }) =>
    (await readObject(s3, { ...address, etag, range })).bytes.toString();

  expect(await text()).toBe('0123456789');
  expect(await text({ start: 0, end: 1 })).toBe('0');
  expect(await text({ start: 3, end: 7 })).toBe('3456');
  expect(await text({ start: 8, end: 10 })).toBe('89');
});

test('an opened object tells its size and ETag before its bytes', async () => {
  const { s3, etag, ...address } = await setupObject();
  const { body, ...facts } = await openObject(s3, address);
  expect(facts).toEqual({ sizeBytes: 10, etag });
  expect(Buffer.concat(await body.toArray()).toString()).toBe('0123456789');
});

test('a body that will not be read is closed, and one that waits for what it needs is not', async () => {
  const { s3, etag: _, ...address } = await setupObject();
  const [unread, read] = [await openObject(s3, address), await openObject(s3, address)];

  await expect(beforeReading(unread.body, Promise.reject(new Error('no settings')))).rejects.toThrow('no settings');
  expect(unread.body.destroyed).toBe(true);

  expect(await beforeReading(read.body, Promise.resolve('settings'))).toBe('settings');
  expect(Buffer.concat(await read.body.toArray()).toString()).toBe('0123456789');
});

test('one that was removed, or replaced by another content, is gone', async () => {
  const { s3, etag, ...address } = await setupObject();
  await putObject(s3, { ...address, content: 'other' });
  await expect(readObject(s3, { ...address, etag })).rejects.toThrow(ObjectGoneError);
  expect((await readObject(s3, address)).bytes.toString()).toBe('other');

  await removeObject(s3, address);
  await expect(readObject(s3, address)).rejects.toThrow(ObjectGoneError);
});

test('what is wrong for another reason is not gone: it is retried', async () => {
  const { s3, etag, ...address } = await setupObject();
  const error = await readObject(s3, { ...address, bucket: 'no-such-bucket', etag }).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(Error);
  expect(error).not.toBeInstanceOf(ObjectGoneError);
});

test('a service that does not answer is unavailable, in whatever way it does not; one that refuses is not', async () => {
  const proxy = await setupProxy(services().endpoint);
  const { s3 } = setupClients(proxy.url);
  const failing = () => readObject(s3, { bucket: 'b', key: 'k' }).catch((error: unknown) => error);

  expect(isServiceUnavailable(await failing())).toBe(false);
  await proxy.shut();
  expect(isServiceUnavailable(await failing())).toBe(true);
  expect(isServiceUnavailable(new TypeError('a bug'))).toBe(false);
  expect(isServiceUnavailable('text')).toBe(false);
});

test('the endpoint of one service goes before that of both', async () => {
  const environment = {
    AWS_REGION: 'eu-central-1',
    AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
    AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:2',
    AWS_ENDPOINT_URL_SQS: undefined,
    AWS_ENDPOINT_URL_SNS: undefined,
  };
  const [s3, sqs] = [createS3Client(environment), createSqsClient(environment)];
  expect((await s3.config.endpoint?.())?.port).toBe(2);
  expect((await sqs.config.endpoint?.())?.port).toBe(1);
  expect(await s3.config.region()).toBe('eu-central-1');
});
