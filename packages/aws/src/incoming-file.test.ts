import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { keysOf, services, setupBucket, setupClients, setupProxy, watchMultiparts } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { IncomingFile } from './incoming-file.ts';
import { readObject } from './objects.ts';
import { isServiceUnavailable } from './service-unavailable.ts';

const MIB = 1024 * 1024;
const KEY = 'uploads/test/staff.csv';
const NEVER = new AbortController().signal;

async function setupIncoming() {
  const direct = setupClients().s3;
  const bucket = await setupBucket(direct);
  const proxy = await setupProxy(services().endpoint);
  const { s3 } = setupClients(proxy.url);
  const multiparts = watchMultiparts(s3);
  return {
    bucket,
    proxy,
    s3,
    direct,
    multiparts,
    file: (onPart?: (multipartId: string) => void) =>
      new IncomingFile(s3, { bucket, key: KEY, contentType: 'text/csv', onPart }),
    /** What is in S3: finished objects, and parts of unfinished ones. */
    left: async () => ({ objects: await keysOf(direct, bucket), multiparts: await multiparts.left(direct) }),
  };
}

const NOTHING = { objects: [], multiparts: [] };

/** A source to which the test pushes whole MiBs. */
function openSource() {
  const source = new Readable({ read() {} });
  return {
    source,
    push(bytes: number) {
      for (let pushed = 0; pushed < bytes; pushed += MIB) source.push(Buffer.alloc(MIB, 'a'));
    },
  };
}

async function etagIn(s3: S3Client, bucket: string): Promise<string | undefined> {
  const { ETag } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: KEY }));
  return ETag?.replaceAll('"', '');
}

test.for([
  ['nothing at all', 0],
  ['one byte', 1],
  ['just one part', 8 * MIB],
  ['one part and a byte', 8 * MIB + 1],
  ['several parts', 30 * MIB],
] as const)('%s arrives byte for byte, counted and hashed', async ([, size]) => {
  const { file, direct, bucket, multiparts } = await setupIncoming();
  const content = Buffer.alloc(size, 'Jane,Acme,0123456789,jane@x.org\n');
  const incoming = file();

  await incoming.receive(Readable.from(chunksOf(content, 64 * 1024 - 1)), NEVER);
  const { sha256 } = incoming;
  const stored = await incoming.complete();

  expect(stored).toEqual({
    sizeBytes: size,
    sha256: createHash('sha256').update(content).digest('hex'),
    etag: await etagIn(direct, bucket),
  });
  expect(sha256).toBe(stored.sha256);
  expect((await readObject(direct, { bucket, key: KEY })).bytes.equals(content)).toBe(true);
  expect(await multiparts.left(direct)).toEqual([]);
});

test('whoever brings a file of several parts is told its id in S3 with each part; of one part there is none', async () => {
  const { file, left } = await setupIncoming();
  const told: string[] = [];
  const large = file((multipartId) => told.push(multipartId));
  const { source, push } = openSource();
  const received = large.receive(source, NEVER);

  push(17 * MIB);
  await expect.poll(() => told.length, { timeout: 10_000 }).toBe(2);

  const [open] = (await left()).multiparts;
  expect(new Set(told)).toEqual(new Set([open?.UploadId]));
  source.push(null);
  await received;
  await large.complete();

  told.length = 0;
  const small = file((multipartId) => told.push(multipartId));
  await small.receive(Readable.from([Buffer.alloc(MIB)]), NEVER);
  await small.complete();
  expect(told).toEqual([]);
});

test('there is no object before it is completed, and with abort there never is', async () => {
  for (const size of [100, 20 * MIB]) {
    const { file, left } = await setupIncoming();
    const incoming = file();
    await incoming.receive(Readable.from([Buffer.alloc(size)]), NEVER);
    expect((await left()).objects).toEqual([]);

    await incoming.abort();

    expect(await left()).toEqual(NOTHING);
  }
});

test('abort without a byte received, or twice, or after a failure, does no harm', async () => {
  const { file, left } = await setupIncoming();
  const untouched = file();
  await untouched.abort();
  await untouched.abort();
  const failed = file();
  await expect(failed.receive(Readable.from(failing(new Error('cut'))), NEVER)).rejects.toThrow('cut');
  await failed.abort();
  expect(await left()).toEqual(NOTHING);
});

test('a source that breaks is told as what it broke with, and nothing is left', async () => {
  const { file, left, multiparts } = await setupIncoming();
  const { source, push } = openSource();
  const received = file().receive(source, NEVER);
  push(17 * MIB);
  await expect.poll(multiparts.opened).toBe(1);

  source.destroy(new Error('the client went away'));

  await expect(received).rejects.toThrow('the client went away');
  expect(await left()).toEqual(NOTHING);
});

test('a signal breaks off, also while the source says nothing, and nothing is left', async () => {
  const { file, left, multiparts } = await setupIncoming();
  const { source, push } = openSource();
  const limit = new AbortController();
  const received = file().receive(source, limit.signal);
  push(17 * MIB);
  await expect.poll(multiparts.opened).toBe(1);

  limit.abort();

  await expect(received).rejects.toMatchObject({ name: 'AbortError' });
  expect(await left()).toEqual(NOTHING);
  expect(source.destroyed).toBe(false);
});

test('when S3 fails in the middle, its error is told, and the source is left to whoever has it', async () => {
  const { file, proxy, multiparts } = await setupIncoming();
  const { source, push } = openSource();
  const received = file()
    .receive(source, NEVER)
    .catch((error: unknown) => error);
  push(17 * MIB);
  await expect.poll(multiparts.opened).toBe(1);

  await proxy.shut();
  push(17 * MIB);
  source.push(null);

  expect(isServiceUnavailable(await received)).toBe(true);
  expect(source.destroyed).toBe(false);
});

test('when S3 fails at the end, completing fails, and there is no object', async () => {
  const { file, proxy, left } = await setupIncoming();
  const incoming = file();
  await incoming.receive(Readable.from([Buffer.alloc(100)]), NEVER);

  await proxy.shut();

  await expect(incoming.complete()).rejects.toSatisfy(isServiceUnavailable);
  expect(await left()).toEqual(NOTHING);
});

test('what a connection may still send of a part that came to S3 twice is not overwritten', async () => {
  const { file, s3 } = await setupIncoming();
  const bodies: Uint8Array[] = [];
  s3.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const { Body, PartNumber = 0 } = { Body: undefined, PartNumber: undefined, ...args.input };
        if (commandName === 'UploadPartCommand' && Body instanceof Uint8Array) bodies[PartNumber - 1] = Body;
        return next(args);
      },
    { step: 'initialize' },
  );
  let attempts = 0;
  s3.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const answer = await next(args);
        const { PartNumber } = { PartNumber: undefined, ...args.input };
        if (commandName !== 'UploadPartCommand' || PartNumber !== 1) return answer;
        attempts += 1;
        if (attempts === 1) throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
        return answer;
      },
    { step: 'deserialize' },
  );
  const incoming = file();
  const parts = ['a', 'b', 'c', 'd', 'e', 'f'].map((letter) => Buffer.alloc(8 * MIB, letter));

  await incoming.receive(Readable.from(parts), NEVER);
  await incoming.complete();

  expect(attempts).toBe(2);
  const [sentTwice, ...others] = bodies;
  expect([sentTwice?.at(0), sentTwice?.at(-1)].map((byte) => String.fromCharCode(byte ?? 0))).toEqual(['a', 'a']);
  // Those of parts that came once are filled again: without that, nothing would be shown.
  expect(new Set(others.map(({ buffer }) => buffer)).size).toBeLessThan(others.length);
  expect(others.filter(({ buffer }) => buffer === sentTwice?.buffer)).toEqual([]);
});

test('a file that S3 completed is stored, also when its answer was lost and the request comes again', async () => {
  const { file, s3, direct, bucket, left } = await setupIncoming();
  let attempts = 0;
  s3.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const answer = await next(args);
        if (commandName !== 'CompleteMultipartUploadCommand') return answer;
        attempts += 1;
        if (attempts === 1) throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
        return answer;
      },
    // Within the SDK's retries.
    { step: 'deserialize' },
  );
  const incoming = file();
  await incoming.receive(Readable.from([Buffer.alloc(9 * MIB)]), NEVER);

  const stored = await incoming.complete();

  expect(attempts).toBe(2);
  expect(stored).toMatchObject({ sizeBytes: 9 * MIB, etag: await etagIn(direct, bucket) });
  expect(await left()).toEqual({ objects: [KEY], multiparts: [] });
});

test('while S3 takes nothing, no more than some parts are read from the source', async () => {
  const { file, s3, left } = await setupIncoming();
  const hold = Promise.withResolvers<void>();
  s3.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === 'UploadPartCommand') await hold.promise;
        return next(args);
      },
    { step: 'initialize' },
  );
  let read = 0;
  const endless = Readable.from(
    (function* () {
      for (; read < 200 * MIB; read += MIB) yield Buffer.alloc(MIB);
    })(),
  );
  const incoming = file();
  const limit = new AbortController();
  const received = incoming.receive(endless, limit.signal).catch((error: unknown) => error);

  await expect.poll(() => read, { timeout: 10_000 }).toBeGreaterThan(16 * MIB);
  const settled = async () => {
    const before = read;
    await new Promise((resolve) => setImmediate(resolve));
    return read === before;
  };
  await expect.poll(settled).toBe(true);
  expect(read).toBeLessThanOrEqual(40 * MIB);

  limit.abort();
  hold.resolve();
  await received;
  expect(await left()).toEqual(NOTHING);
});

function* chunksOf(content: Buffer, size: number): Generator<Buffer> {
  for (let start = 0; start < content.length; start += size) yield Buffer.from(content.subarray(start, start + size));
}

async function* failing(error: Error): AsyncGenerator<Buffer> {
  yield Buffer.from('a');
  throw error;
}
