import { stat } from 'node:fs/promises';
import {
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import {
  CreateQueueCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
} from '@aws-sdk/client-sqs';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { expect, test } from 'vitest';
import { clientsOf, setupEmulator } from '../../test/emulator-fixture.ts';
import { type RawRequest, send, sign } from '../../test/signed-request.ts';
import { randomCredentials } from './credentials.ts';

const Bucket = 'uploads';
const Key = 'uploads/staff.csv';
const REFUSED = { status: 403, text: expect.stringContaining('AccessDenied') };
const MINUTE = 60 * 1000;

/** An emulator with one object and one queue, which every test looks at again at its end. */
async function setup() {
  const { emulator, s3, sqs } = await setupEmulator();
  await s3.send(new CreateBucketCommand({ Bucket }));
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: 'secret' }));
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'rows' }));
  const expectUntouched = async () => {
    const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
    expect(Contents.map((object) => object.Key)).toEqual([Key]);
    const { QueueUrls } = await sqs.send(new ListQueuesCommand());
    expect(QueueUrls).toEqual([QueueUrl]);
    const names = { AttributeNames: ['ApproximateNumberOfMessages' as const] };
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, ...names }));
    expect(Attributes).toEqual({ ApproximateNumberOfMessages: '0' });
  };
  return { emulator, s3, sqs, QueueUrl, expectUntouched };
}

const nameOf = (error: unknown) => (error instanceof Error ? error.name : error);
const LIST: RawRequest = { method: 'GET', path: `/${Bucket}`, query: { 'list-type': '2' } };

function formOf(fields: Record<string, string>): Pick<RawRequest, 'headers' | 'body'> {
  const parts = Object.entries(fields).map(
    ([name, value]) => `--x\r\ncontent-disposition: form-data; name="${name}"; filename="x.csv"\r\n\r\n${value}\r\n`,
  );
  return { headers: { 'content-type': 'multipart/form-data; boundary=x' }, body: `${parts.join('')}--x--\r\n` };
}

test('a form of a foreign page puts no file into the bucket, signed or not', async () => {
  const { emulator, expectUntouched } = await setup();
  const form = formOf({ key: 'uploads/p.csv', file: 'name,mail\nEve,eve@evil.example\n' });
  const post: RawRequest = { method: 'POST', path: `/${Bucket}`, ...form };
  for (const origin of ['https://evil.example', 'null', `http://127.0.0.1:${emulator.port}`]) {
    const fromPage = { ...post, headers: { ...form.headers, host: `127.0.0.1:${emulator.port}`, origin } };
    expect(await send(emulator, fromPage)).toEqual(REFUSED);
    expect(await send(emulator, await sign(emulator, fromPage))).toEqual(REFUSED);
  }
  expect(await send(emulator, await sign(emulator, post))).toEqual(REFUSED);
  await expectUntouched();
});

test('a name of a foreign page that resolves to this machine lists and reads nothing', async () => {
  const { emulator, expectUntouched } = await setup();
  for (const host of ['evil.example', `evil.example:${emulator.port}`, '127.0.0.1.evil.example', '10.0.0.1']) {
    const list = { ...LIST, headers: { host } };
    expect(await send(emulator, list)).toEqual(REFUSED);
    expect(await send(emulator, await sign(emulator, list))).toEqual(REFUSED);
    const virtual: RawRequest = { method: 'GET', path: `/${Key}`, headers: { host: `${Bucket}.${host}` } };
    expect(await send(emulator, await sign(emulator, virtual))).toEqual(REFUSED);
  }
  for (const host of ['127.0.0.1', `localhost:${emulator.port}`, '[::1]:1234']) {
    const answer = await send(emulator, await sign(emulator, { ...LIST, headers: { host } }));
    expect(answer).toEqual({ status: 200, text: expect.stringContaining(Key) });
  }
  await expectUntouched();
});

test('an image or script of another site reads nothing, not even by a presigned URL', async () => {
  const { emulator, s3 } = await setup();
  const { pathname, searchParams } = new URL(await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key })));
  const host = `127.0.0.1:${emulator.port}`;
  const get: RawRequest = { method: 'GET', path: pathname, query: Object.fromEntries(searchParams) };
  const site = (value: string) => send(emulator, { ...get, headers: { host, 'sec-fetch-site': value } });
  expect(await site('cross-site')).toEqual(REFUSED);
  expect(await site('none')).toEqual({ status: 200, text: 'secret' });
});

test('objects are not removed in bulk, as text/plain or otherwise, and no other unused operation is there', async () => {
  const { emulator, expectUntouched } = await setup();
  const body = `<Delete><Object><Key>${Key}</Key></Object></Delete>`;
  const unused: RawRequest[] = [
    { method: 'POST', path: `/${Bucket}`, query: { delete: '' }, headers: { 'content-type': 'text/plain' }, body },
    { method: 'POST', path: `/${Bucket}/`, query: { delete: '' }, body },
    { method: 'POST', path: `/${Bucket}/x`, query: { delete: '' }, body },
    { method: 'POST', path: `/${Bucket}/x`, body },
    { method: 'DELETE', path: `/${Bucket}` },
    { method: 'PUT', path: `/${Bucket}`, query: { lifecycle: '' } },
    { method: 'PUT', path: `/${Bucket}/y`, query: { renameObject: '' } },
    { method: 'GET', path: `/${Bucket}/${Key}`, query: { attributes: '' } },
    { method: 'GET', path: '/_fauxqs/queues' },
    { method: 'GET', path: '/no/such/route', query: { acl: '' } },
  ];
  for (const request of unused) {
    expect(await send(emulator, { ...request, headers: { ...request.headers, host: '127.0.0.1' } })).toEqual(REFUSED);
    expect(await send(emulator, await sign(emulator, request))).toEqual(REFUSED);
  }
  await expectUntouched();
});

test('no topic hands forged rows to the row queue', async () => {
  const { emulator, expectUntouched } = await setup();
  const actions = [
    { Action: 'CreateTopic', Name: 't' },
    { Action: 'Subscribe', TopicArn: 'arn:aws:sns:us-east-1:000000000000:t', Protocol: 'sqs', Endpoint: 'rows' },
    { Action: 'Publish', TopicArn: 'arn:aws:sns:us-east-1:000000000000:t', Message: '{}' },
    { Action: 'GetCallerIdentity' },
  ];
  for (const action of actions) {
    const headers = { host: '127.0.0.1', 'content-type': 'application/x-www-form-urlencoded' };
    const post = { method: 'POST', path: '/', headers, body: String(new URLSearchParams(action)) };
    expect(await send(emulator, post)).toEqual(REFUSED);
    // Signed for SQS or S3, or with keys of others, it is none of ours either.
    expect(await send(emulator, await sign(emulator, post))).toEqual(
      action.Action === 'GetCallerIdentity' ? REFUSED : { ...REFUSED, text: expect.stringContaining('Signature') },
    );
  }
  await expectUntouched();
});

test('without the keys, or with others, nothing is listed, read, sent or removed', async () => {
  const { emulator, QueueUrl, expectUntouched } = await setup();
  const { accessKeyId } = emulator.credentials;
  const { secretAccessKey } = randomCredentials();
  const strangers = [
    [randomCredentials(), 'InvalidAccessKeyId'],
    // What every presigned URL shows is not enough.
    [{ accessKeyId, secretAccessKey }, 'SignatureDoesNotMatch'],
  ] as const;
  for (const [credentials, refusal] of strangers) {
    const { s3, sqs } = clientsOf({ endpoint: emulator.endpoint, credentials });
    const attempts = [
      s3.send(new ListObjectsV2Command({ Bucket })),
      s3.send(new GetObjectCommand({ Bucket, Key })),
      s3.send(new PutObjectCommand({ Bucket, Key: 'uploads/p.csv', Body: 'forged' })),
      sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'forged' })),
      sqs.send(new ReceiveMessageCommand({ QueueUrl })),
      sqs.send(new DeleteQueueCommand({ QueueUrl })),
    ];
    const outcomes = await Promise.all(attempts.map((attempt) => attempt.then(() => 'done', nameOf)));
    expect(outcomes).toEqual(attempts.map(() => refusal));
    const url = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key }));
    expect((await fetch(url)).status).toBe(403);
  }
  expect(await send(emulator, { ...LIST, headers: { host: '127.0.0.1' } })).toEqual(REFUSED);
  await expectUntouched();
});

test('what was signed for one request is good for no other, and for a while only', async () => {
  const { emulator, expectUntouched } = await setup();
  const mismatch = { status: 403, text: expect.stringContaining('SignatureDoesNotMatch') };
  const list = await sign(emulator, LIST);
  expect(await send(emulator, list)).toMatchObject({ status: 200 });
  expect(await send(emulator, { ...list, query: { 'list-type': '2', prefix: 'x' } })).toEqual(mismatch);
  expect(await send(emulator, { ...list, method: 'PUT', query: {} })).toEqual(mismatch);
  expect(await send(emulator, { ...list, headers: { ...list.headers, host: 'localhost' } })).toEqual(mismatch);
  expect(await send(emulator, await sign(emulator, LIST, new Date(Date.now() - 14 * MINUTE)))).toMatchObject({
    status: 200,
  });
  for (const minutes of [-16, 16]) {
    const untimely = await sign(emulator, LIST, new Date(Date.now() + minutes * MINUTE));
    expect(await send(emulator, untimely)).toEqual({
      status: 403,
      text: expect.stringContaining('RequestTimeTooSkewed'),
    });
  }
  await expectUntouched();
});

test('a message other than the one that was signed is not taken', async () => {
  const { sqs, QueueUrl, expectUntouched } = await setup();
  sqs.middlewareStack.add(
    (next) => async (args) => {
      Object.assign(Object(args.request), { body: String(Object(args.request).body).replace('real', 'fake') });
      return next(args);
    },
    { step: 'deserialize' },
  );
  const sent = sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'real' }));
  expect(await sent.catch(nameOf)).toBe('InvalidSignatureException');
  await expectUntouched();
});

test('a presigned part takes as many bytes as it was signed for, as the part and the object that it was signed for', async () => {
  const { s3, expectUntouched } = await setup();
  const target = { Bucket, Key: 'uploads/big.csv' };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(target));
  const part = new UploadPartCommand({ ...target, UploadId, PartNumber: 1, ContentLength: 5 });
  const url = await getSignedUrl(s3, part, { expiresIn: 60 });
  const put = (to: string, body: string | ReadableStream, headers: Record<string, string> = {}) =>
    fetch(to, { method: 'PUT', body, headers, duplex: 'half' } as RequestInit);

  expect((await put(url, '123456')).status).toBe(403);
  expect((await put(url, '1234')).status).toBe(403);
  expect((await put(url, new Blob(['123456']).stream())).status).toBe(403);
  expect((await put(url.replace('partNumber=1', 'partNumber=2'), '12345')).status).toBe(403);
  expect((await put(url.replace('big.csv', 'staff.csv'), '12345')).status).toBe(403);
  // This would copy another object into the part.
  expect((await put(url, '12345', { 'x-amz-copy-source': `/${Bucket}/${Key}` })).status).toBe(403);
  expect((await put(url.replace('Expires=60', 'Expires=6000'), '12345')).status).toBe(403);
  expect((await put(url, '12345')).status).toBe(200);

  const signingDate = new Date(Date.now() - 61_000);
  const expired = await getSignedUrl(s3, part, { expiresIn: 60, signingDate });
  expect((await put(expired, '12345')).status).toBe(403);
  await expectUntouched();
});

test('the console of this machine sends presigned parts and reads their ETags; no other page, and nothing else', async () => {
  const { emulator, s3, expectUntouched } = await setup();
  const target = { Bucket, Key: 'uploads/big.csv' };
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand(target));
  const url = await getSignedUrl(s3, new UploadPartCommand({ ...target, UploadId, PartNumber: 1, ContentLength: 5 }));
  const from = (origin: string, init: RequestInit = {}, to = url) => {
    const asked = init.method === 'OPTIONS' ? { 'access-control-request-method': 'PUT' } : {};
    return fetch(to, { method: 'PUT', body: '12345', ...init, headers: { origin, ...asked, ...init.headers } });
  };
  const preflight = { method: 'OPTIONS', body: null };
  const allowed = ({ status, headers }: Response) => [status, headers.get('access-control-allow-origin')];

  for (const origin of ['http://127.0.0.1:3000', 'http://localhost:8080', 'http://[::1]:3000']) {
    const asked = await from(origin, preflight);
    expect(allowed(asked)).toEqual([204, origin]);
    expect(asked.headers.get('access-control-allow-methods')).toBe('PUT');
    const sent = await from(origin);
    expect([...allowed(sent), sent.headers.get('access-control-expose-headers')]).toEqual([200, origin, 'ETag']);
    expect(sent.headers.get('etag')).toMatch(/^"[0-9a-f]{32}"$/);
    // Refused, and the page may read why.
    expect(allowed(await from(origin, {}, url.replace('partNumber=1', 'partNumber=2')))).toEqual([403, origin]);
  }
  for (const origin of ['https://evil.example', 'null', 'https://127.0.0.1:3000', 'http://127.0.0.1.evil.example']) {
    expect(allowed(await from(origin, preflight))).toEqual([403, null]);
    expect(allowed(await from(origin))).toEqual([403, null]);
  }
  const page = 'http://127.0.0.1:3000';
  const put = await getSignedUrl(s3, new PutObjectCommand({ Bucket, Key: 'uploads/p.csv' }));
  const get = await getSignedUrl(s3, new GetObjectCommand({ Bucket, Key }));
  expect(allowed(await from(page, {}, put))).toEqual([403, null]);
  expect(allowed(await from(page, { method: 'GET', body: null }, get))).toEqual([403, null]);
  expect(allowed(await from(page, { method: 'DELETE', body: null }))).toEqual([403, null]);
  const { pathname, searchParams } = new URL(url);
  const query = { partNumber: '1', uploadId: searchParams.get('uploadId') ?? '' };
  const signed = await sign(emulator, {
    method: 'PUT',
    path: pathname,
    query,
    headers: { origin: page },
    body: '12345',
  });
  expect(await send(emulator, signed)).toEqual(REFUSED);
  await expectUntouched();
});

test('its data are open to its user only', async () => {
  const { emulator } = await setup();
  const file = emulator.credentialsFile ?? '';
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect((await stat(new URL('.', `file://${file}`))).mode & 0o777).toBe(0o700);
});
