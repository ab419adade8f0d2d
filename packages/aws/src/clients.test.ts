import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { HeadObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import { expect, onTestFinished, test } from 'vitest';
import { createS3Client } from './clients.ts';
import { isServiceAway } from './service-away.ts';

const SECOND = 1000;
const KIB = 1024;
const MIB = 1024 * KIB;
const ADDRESS = { Bucket: 'bucket', Key: 'staff.csv' };

/** A client for an S3 that does as it is told. */
async function setupS3(patience: 'request' | 'background', answer: RequestListener) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen({ host: '127.0.0.1', port: 0 }, resolve));
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const environment = {
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: undefined,
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_ENDPOINT_URL_SQS: undefined,
  };
  const s3 = createS3Client(environment, { patience });
  onTestFinished(() => {
    s3.destroy();
    server.close();
    server.closeAllConnections();
  });
  return s3;
}

/** Sends a part of 8 MiB to an S3 that takes longer for it than it may be silent, with a client that is impatient. */
async function sendSlowly() {
  let tries = 0;
  const s3 = await setupS3('request', async (request, response) => {
    tries++;
    let received = 0;
    for await (const chunk of request) {
      received += chunk.length;
      await delay((chunk.length / (8 * MIB)) * 18 * SECOND);
    }
    response.setHeader('etag', `"${received}"`).end();
  });
  const since = performance.now();
  const { ETag } = await s3.send(new PutObjectCommand({ ...ADDRESS, Body: Buffer.alloc(8 * MIB) }));
  return { tries, ETag, seconds: (performance.now() - since) / SECOND };
}

/** Asks an S3 that says nothing the first time. */
async function meetSilence(patience: 'request' | 'background') {
  let tries = 0;
  const s3 = await setupS3(patience, (_request, response) => {
    if (tries++ > 0) response.end();
  });
  const error = await s3.send(new HeadObjectCommand(ADDRESS)).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  return { tries, error };
}

/** Asks an S3 that breaks off twice before it answers. */
async function meetCuts() {
  let tries = 0;
  const s3 = await setupS3('request', ({ socket }, response) => {
    if (tries++ < 2) socket.destroy();
    else response.end();
  });
  await s3.send(new HeadObjectCommand(ADDRESS));
  return tries;
}

test('a slow S3 is waited for; a silent one is tried again where nobody waits; one that breaks off always', async () => {
  const [slow, asked, background, cut] = await Promise.all([
    sendSlowly(),
    meetSilence('request'),
    meetSilence('background'),
    meetCuts(),
  ]);

  expect(slow).toMatchObject({ tries: 1, ETag: `"${8 * MIB}"` });
  expect(slow.seconds).toBeGreaterThan(16);
  expect(asked).toMatchObject({ tries: 1, error: { name: 'TimeoutError' } });
  expect(isServiceAway(asked.error)).toBe(true);
  expect(background).toEqual({ tries: 2, error: undefined });
  expect(cut).toBe(3);
});
