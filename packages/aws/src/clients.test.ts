import type { RequestListener } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { ListQueuesCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { runInTrace } from '@rowferry/runtime';
import { serveHttp } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { createS3Client, createSqsClient } from './clients.ts';
import { isServiceUnavailable } from './service-unavailable.ts';

const SECOND = 1000;
const KIB = 1024;
const MIB = 1024 * KIB;
const ADDRESS = { Bucket: 'bucket', Key: 'staff.csv' };

/** Clients for an S3 and an SQS that do as they are told. */
async function setupClients(timeouts: 'request' | 'background', answer: RequestListener) {
  const environment = {
    AWS_REGION: 'us-east-1',
    AWS_ENDPOINT_URL: await serveHttp(answer),
    AWS_ENDPOINT_URL_S3: undefined,
    AWS_ENDPOINT_URL_SQS: undefined,
    AWS_ENDPOINT_URL_SNS: undefined,
  };
  const s3 = createS3Client(environment, { timeouts });
  const sqs = createSqsClient(environment, { timeouts });
  onTestFinished(() => {
    s3.destroy();
    sqs.destroy();
  });
  return { s3, sqs };
}

/** Sends a part of 8 MiB to an S3 that takes longer for it than it may be silent, with a client that is impatient. */
async function sendSlowly() {
  let attempts = 0;
  const { s3 } = await setupClients('request', async (request, response) => {
    attempts++;
    let received = 0;
    for await (const chunk of request) {
      received += chunk.length;
      await delay((chunk.length / (8 * MIB)) * 18 * SECOND);
    }
    response.setHeader('etag', `"${received}"`).end();
  });
  const since = performance.now();
  const { ETag } = await s3.send(new PutObjectCommand({ ...ADDRESS, Body: Buffer.alloc(8 * MIB) }));
  return { attempts, ETag, seconds: (performance.now() - since) / SECOND };
}

/** Asks a service that says nothing the first time. */
async function meetSilence(
  timeouts: 'request' | 'background',
  ask: (clients: { s3: S3Client; sqs: SQSClient }) => Promise<unknown>,
) {
  let attempts = 0;
  const clients = await setupClients(timeouts, (_request, response) => {
    if (attempts++ > 0) response.end('{}');
  });
  const error = await ask(clients).then(
    () => undefined,
    (caught: unknown) => caught,
  );
  return { attempts, error };
}

const askS3 = ({ s3 }: { s3: S3Client }) => s3.send(new HeadObjectCommand(ADDRESS));
const askSqs = ({ sqs }: { sqs: SQSClient }) => sqs.send(new ListQueuesCommand());

/** Asks an S3 that breaks off twice before it answers. */
async function meetCuts() {
  let attempts = 0;
  const { s3 } = await setupClients('request', ({ socket }, response) => {
    if (attempts++ < 2) socket.destroy();
    else response.end();
  });
  await s3.send(new HeadObjectCommand(ADDRESS));
  return attempts;
}

test('who is slow is waited for; who is silent is retried where nobody waits; who breaks off always', async () => {
  const [slow, cut, askedS3, askedSqs, backgroundS3, backgroundSqs] = await Promise.all([
    sendSlowly(),
    meetCuts(),
    meetSilence('request', askS3),
    meetSilence('request', askSqs),
    meetSilence('background', askS3),
    meetSilence('background', askSqs),
  ]);

  expect(slow).toMatchObject({ attempts: 1, ETag: `"${8 * MIB}"` });
  expect(slow.seconds).toBeGreaterThan(16);
  expect(cut).toBe(3);
  for (const asked of [askedS3, askedSqs]) {
    expect(asked).toMatchObject({ attempts: 1, error: { name: 'TimeoutError' } });
    expect(isServiceUnavailable(asked.error)).toBe(true);
  }
  for (const background of [backgroundS3, backgroundSqs]) expect(background).toEqual({ attempts: 2, error: undefined });
});

test('what is asked in the course of a trace names it, so that S3 and SQS pass it on; what is not does not', async () => {
  const asked: unknown[] = [];
  const { s3, sqs } = await setupClients('request', ({ headers }, response) => {
    asked.push(headers['x-amzn-trace-id']);
    response.end('{}');
  });
  const trace = 'Root=1-5759e988-bd862e3fe1be46a994272793';

  await runInTrace(trace, async () => {
    await askS3({ s3 });
    await askSqs({ sqs });
  });
  await askSqs({ sqs });

  expect(asked).toEqual([trace, trace, undefined]);
});
