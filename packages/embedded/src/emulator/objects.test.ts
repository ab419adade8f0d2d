import { createHash, randomBytes } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import {
  AbortMultipartUploadCommand,
  type CompletedPart,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListPartsCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { expect, test } from 'vitest';
import { killHard, setupEmulator } from '../../test/emulator-fixture.ts';
import { send, sign } from '../../test/signed-request.ts';
import { temporaryDirectory } from '../../test/temporary-directory.ts';

const MIB = 1024 * 1024;
const Bucket = 'uploads';

async function setupBucket(dataDir?: string) {
  const setup = await setupEmulator(dataDir === undefined ? {} : { dataDir });
  await setup.s3.send(new CreateBucketCommand({ Bucket }));
  return setup;
}

async function read(s3: S3Client, Key: string, Range?: string): Promise<Buffer> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key, ...(Range && { Range }) }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
}

const put = (s3: S3Client, Key: string, Body: string | Buffer) => s3.send(new PutObjectCommand({ Bucket, Key, Body }));
const filesIn = (dataDir: string) => readdir(join(dataDir, 'objects'));
const nameOf = (error: unknown) => (error instanceof Error ? error.name : error);

test('an object comes back byte for byte, with its metadata, whole and in ranges', async () => {
  const { s3 } = await setupBucket();
  const Body = randomBytes(20 * MIB);
  const Key = 'uploads/0199/employees.csv';
  await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentType: 'text/csv', Metadata: { by: 'test' } }));

  const whole = await s3.send(new GetObjectCommand({ Bucket, Key }));
  const md5 = createHash('md5').update(Body).digest('hex');
  expect(whole).toMatchObject({
    ContentLength: Body.length,
    ContentType: 'text/csv',
    ETag: `"${md5}"`,
    Metadata: { by: 'test' },
  });
  expect(Buffer.from((await whole.Body?.transformToByteArray()) ?? []).equals(Body)).toBe(true);
  expect(await read(s3, Key, 'bytes=5-9')).toEqual(Body.subarray(5, 10));
  expect(await read(s3, Key, 'bytes=-3')).toEqual(Body.subarray(-3));
  expect(await read(s3, Key, `bytes=${20 * MIB - 2}-${30 * MIB}`)).toEqual(Body.subarray(-2));
  expect(await read(s3, Key, `bytes=${20 * MIB}-`).catch(nameOf)).toBe('InvalidRange');
  const { ContentLength } = await s3.send(new HeadObjectCommand({ Bucket, Key }));
  expect(ContentLength).toBe(Body.length);
});

test('a streamed upload becomes one object of its parts, read across them, also after kill -9', async () => {
  const dataDir = await temporaryDirectory();
  const before = await setupBucket(dataDir);
  const Body = randomBytes(17 * MIB);
  const params = { Bucket, Key: 'big.csv', Body, ContentType: 'text/csv' };
  const done = await new Upload({ client: before.s3, params, partSize: 5 * MIB }).done();
  expect(done.ETag).toMatch(/^"[0-9a-f]{32}-4"$/);
  await killHard(before.emulator);

  const { s3 } = await setupEmulator({ dataDir });
  expect((await read(s3, 'big.csv')).equals(Body)).toBe(true);
  const acrossParts = await read(s3, 'big.csv', `bytes=${5 * MIB - 2}-${10 * MIB + 1}`);
  // Not toEqual, which takes half a minute to compare megabytes byte by byte.
  expect(acrossParts.equals(Body.subarray(5 * MIB - 2, 10 * MIB + 2))).toBe(true);
  const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'big.csv' }));
  expect(head).toMatchObject({ ETag: done.ETag, ContentType: 'text/csv', ContentLength: Body.length });
});

test('an upload can be completed after a restart; parts that it does not name are removed', async () => {
  const dataDir = await temporaryDirectory();
  const before = await setupBucket(dataDir);
  const Key = 'parts.csv';
  const { UploadId } = await before.s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const bodies = [randomBytes(5 * MIB), randomBytes(100), randomBytes(100)];
  const Parts: CompletedPart[] = [];
  for (const [index, Body] of bodies.entries()) {
    const PartNumber = index + 1;
    const { ETag } = await before.s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }));
    Parts.push({ ETag, PartNumber });
  }
  await killHard(before.emulator);

  const { s3 } = await setupEmulator({ dataDir });
  const complete = (parts: CompletedPart[]) =>
    s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts: parts } }));
  expect(await complete(Parts).catch(nameOf)).toBe('EntityTooSmall');
  expect(await complete(Parts.slice(0, 2).reverse()).catch(nameOf)).toBe('InvalidPartOrder');
  await complete(Parts.slice(0, 2));
  expect((await read(s3, Key)).equals(Buffer.concat(bodies.slice(0, 2)))).toBe(true);
  expect(await filesIn(dataDir)).toHaveLength(2);
  expect(await complete(Parts).catch(nameOf)).toBe('NoSuchUpload');
});

test('the parts of an open upload are listed in order, page by page, with their sizes', async () => {
  const { s3 } = await setupBucket();
  const Key = 'a & b.csv';
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
  const upload = { Bucket, Key, UploadId };
  const etags = new Map<number, string | undefined>();
  for (const PartNumber of [7, 1, 3, 3]) {
    const Body = 'x'.repeat(PartNumber);
    etags.set(PartNumber, (await s3.send(new UploadPartCommand({ ...upload, PartNumber, Body }))).ETag);
  }

  const first = await s3.send(new ListPartsCommand({ ...upload, MaxParts: 2 }));
  const rest = await s3.send(new ListPartsCommand({ ...upload, PartNumberMarker: first.NextPartNumberMarker }));

  expect(first).toMatchObject({ Key, UploadId, IsTruncated: true, Parts: [{ Size: 1 }, { Size: 3 }] });
  expect(rest).toMatchObject({ IsTruncated: false, Parts: [{ PartNumber: 7, Size: 7, ETag: etags.get(7) }] });
  expect(first.Parts?.map(({ ETag }) => ETag)).toEqual([etags.get(1), etags.get(3)]);
  await s3.send(new AbortMultipartUploadCommand(upload));
  expect(await s3.send(new ListPartsCommand(upload)).catch(nameOf)).toBe('NoSuchUpload');
});

test('an aborted upload, an overwritten and a deleted object leave no file', async () => {
  const dataDir = await temporaryDirectory();
  const { s3 } = await setupBucket(dataDir);
  const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key: 'a' }));
  const part = { Bucket, Key: 'a', UploadId, PartNumber: 1, Body: 'part' };
  await s3.send(new UploadPartCommand(part));
  await s3.send(new UploadPartCommand(part));
  await s3.send(new AbortMultipartUploadCommand({ Bucket, Key: 'a', UploadId }));
  expect(await s3.send(new UploadPartCommand(part)).catch(nameOf)).toBe('NoSuchUpload');

  await put(s3, 'b', 'one');
  await put(s3, 'b', 'two');
  await s3.send(new CopyObjectCommand({ Bucket, Key: 'c', CopySource: `${Bucket}/b` }));
  expect((await read(s3, 'b')).toString()).toBe('two');
  await s3.send(new DeleteObjectCommand({ Bucket, Key: 'b' }));
  expect((await read(s3, 'c')).toString()).toBe('two');
  expect(await filesIn(dataDir)).toHaveLength(1);
});

test('what is cut short is no object and leaves no file: by the client, or by kill -9', async () => {
  const dataDir = await temporaryDirectory();
  const { emulator, s3 } = await setupBucket(dataDir);
  await put(s3, 'half.csv', 'the version before');
  const half = await sign(emulator, {
    method: 'PUT',
    path: `/${Bucket}/half.csv`,
    headers: { 'content-length': '1000000' },
  });
  const head = Object.entries(half.headers ?? {}).map(([name, value]) => `${name}: ${value}\r\n`);
  const sendHalf = () =>
    new Promise<ReturnType<typeof connect>>((resolve) => {
      const socket = connect(emulator.port, '127.0.0.1', () => {
        socket.write(`PUT /${Bucket}/half.csv HTTP/1.1\r\n${head.join('')}\r\n`);
        socket.write(randomBytes(300_000), () => resolve(socket));
      });
      socket.on('error', () => {});
    });
  const twoFiles = () => expect.poll(() => filesIn(dataDir), { timeout: 10_000 }).toHaveLength(2);
  const client = await sendHalf();
  await twoFiles();
  client.destroy();
  await expect.poll(() => filesIn(dataDir), { timeout: 10_000 }).toHaveLength(1);

  await sendHalf();
  await twoFiles();
  await killHard(emulator);
  const after = await setupEmulator({ dataDir });
  expect((await read(after.s3, 'half.csv')).toString()).toBe('the version before');
  expect(await filesIn(dataDir)).toHaveLength(1);
});

test('a body that does not match its checksum is refused and changes nothing', async () => {
  const { emulator, s3 } = await setupBucket();
  await put(s3, 'a.csv', 'before');
  const sendSigned = async (headers: Record<string, string>, body: string) =>
    send(emulator, await sign(emulator, { method: 'PUT', path: `/${Bucket}/a.csv`, headers, body }));
  const wrong: Record<string, string>[] = [
    { 'x-amz-checksum-crc32': 'AAAAAA==' },
    { 'content-md5': 'AAAAAAAAAAAAAAAAAAAAAA==' },
  ];
  for (const headers of wrong) {
    expect(await sendSigned(headers, 'after')).toEqual({ status: 400, text: expect.stringContaining('BadDigest') });
  }
  const cut = await sendSigned({ 'content-encoding': 'aws-chunked' }, '5\r\nafter\r\n');
  expect(cut).toEqual({ status: 400, text: expect.stringContaining('IncompleteBody') });
  expect((await read(s3, 'a.csv')).toString()).toBe('before');
});

test('conditional requests compare entity tags', async () => {
  const { s3 } = await setupBucket();
  const { ETag } = await put(s3, 'a.csv', 'text');
  const get = (condition: { IfMatch?: string; IfNoneMatch?: string }) =>
    s3.send(new GetObjectCommand({ Bucket, Key: 'a.csv', ...condition }));
  expect((await get({ IfMatch: ETag ?? '' })).ContentLength).toBe(4);
  expect(await get({ IfMatch: '"other"' }).catch(nameOf)).toBe('PreconditionFailed');
  const unchanged = await get({ IfNoneMatch: ETag ?? '' }).catch(
    (error: unknown) => Object(error).$metadata?.httpStatusCode,
  );
  expect(unchanged).toBe(304);
});

test('of several that put a new object at the same time, one is the first, and the others are told so', async () => {
  const dataDir = await temporaryDirectory();
  const { s3 } = await setupBucket(dataDir);
  const putNew = (Body: string) => s3.send(new PutObjectCommand({ Bucket, Key: 'first', Body, IfNoneMatch: '*' }));

  const results = await Promise.allSettled(['a', 'b', 'c', 'd'].map(putNew));

  const refused = results.filter((result) => result.status === 'rejected');
  expect(refused.map(({ reason }) => reason.$metadata.httpStatusCode)).toEqual([412, 412, 412]);
  const winner = results.findIndex(({ status }) => status === 'fulfilled');
  expect((await read(s3, 'first')).toString()).toBe('abcd'[winner]);
  expect(await filesIn(dataDir)).toHaveLength(1);
  expect(await putNew('late').catch(nameOf)).toBe('PreconditionFailed');
});

test('any key names an object of its own', async () => {
  const { s3 } = await setupBucket();
  const keys = [
    '../../../etc/passwd',
    'a',
    'a/b',
    'a.data/b',
    'A',
    'uploads/Zoë & co (1)+2=3, 100%25 #?.csv',
    `uploads/${'long'.repeat(200)}.csv`,
    '社員/名簿🚢.csv',
  ];
  for (const key of keys) await put(s3, key, `content of ${key}`);
  for (const key of keys) expect((await read(s3, key)).toString()).toBe(`content of ${key}`);
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  expect(new Set(Contents.map((object) => object.Key))).toEqual(new Set(keys));
});

test('a listing encodes keys if asked to, since XML cannot have every character', async () => {
  const { s3 } = await setupBucket();
  for (const key of ['a/carriage\rreturn', 'a/x & <y>+1 %41', 'a/名簿']) await put(s3, key, 'content');

  const { Contents, EncodingType, Prefix } = await s3.send(
    new ListObjectsV2Command({ Bucket, Prefix: 'a/', EncodingType: 'url' }),
  );

  expect(EncodingType).toBe('url');
  expect(Prefix).toBe('a/');
  expect(Contents?.map(({ Key }) => Key)).toEqual([
    'a/carriage%0Dreturn',
    'a/x+%26+%3Cy%3E%2B1+%2541',
    'a/%E5%90%8D%E7%B0%BF',
  ]);
});

test('listing goes through all keys page by page in the order of their bytes, and groups by a delimiter', async () => {
  const { s3 } = await setupBucket();
  // In a user's language: a, B, c, é, Z. In S3: B, Z, a, c, é.
  const keys = ['B', 'Z', 'a', 'a-1', 'a.1', 'a/1', 'a/2', 'c', 'é', '\uff21', '🚢'];
  for (const key of [...keys].reverse()) await put(s3, key, key);
  const seen: (string | undefined)[] = [];
  let ContinuationToken: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({ Bucket, MaxKeys: 2, ...(ContinuationToken && { ContinuationToken }) }),
    );
    seen.push(...(page.Contents ?? []).map((object) => object.Key));
    ContinuationToken = page.NextContinuationToken;
  } while (ContinuationToken !== undefined);
  expect(seen).toEqual(keys);

  const grouped = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'a', Delimiter: '/' }));
  expect(grouped.Contents?.map((object) => object.Key)).toEqual(['a', 'a-1', 'a.1']);
  expect(grouped.CommonPrefixes?.map((group) => group.Prefix)).toEqual(['a/']);
  const after = await s3.send(new ListObjectsV2Command({ Bucket, StartAfter: 'a.1', Prefix: 'a' }));
  expect(after.Contents?.map((object) => object.Key)).toEqual(['a/1', 'a/2']);
});

test('what is missing is said in the words of S3', async () => {
  const { s3 } = await setupBucket();
  const missing = { Bucket: 'no-such-bucket', Key: 'a' };
  expect(await s3.send(new HeadBucketCommand({ Bucket: 'no-such-bucket' })).catch(nameOf)).toBe('NotFound');
  expect(await s3.send(new GetObjectCommand(missing)).catch(nameOf)).toBe('NoSuchBucket');
  expect(await s3.send(new PutObjectCommand({ ...missing, Body: 'a' })).catch(nameOf)).toBe('NoSuchBucket');
  expect(await s3.send(new GetObjectCommand({ Bucket, Key: 'a' })).catch(nameOf)).toBe('NoSuchKey');
  expect(await s3.send(new HeadObjectCommand({ Bucket, Key: 'a' })).catch(nameOf)).toBe('NotFound');
  expect(await s3.send(new ListObjectsV2Command({ Bucket: 'no-such-bucket' })).catch(nameOf)).toBe('NoSuchBucket');
});
