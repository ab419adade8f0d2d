import type { RequestListener } from 'node:http';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { serveHttp, setupClients } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { SentBytes } from './sent-bytes.ts';

const MIB = 1024 * 1024;

/** Puts more than the buffers of two sockets take to an S3 that answers so. */
async function putTo(answer: RequestListener): Promise<SentBytes> {
  const { s3 } = setupClients(await serveHttp(answer));
  const command = new PutObjectCommand({ Bucket: 'bucket', Key: 'key', Body: Buffer.alloc(32 * MIB) });
  const bytes = new SentBytes();
  command.middlewareStack.add(bytes.watch, { step: 'deserialize' });
  await s3.send(command);
  return bytes;
}

test('bytes that S3 took before it answered are read', async () => {
  const bytes = await putTo((request, response) => request.resume().once('end', () => response.end()));

  expect(bytes.areRead).toBe(true);
});

test('bytes are not read as long as a connection sends them, though the answer has come', async () => {
  const bytes = await putTo((request, response) => {
    request.pause();
    response.end();
  });

  expect(bytes.areRead).toBe(false);
});

test('bytes that were sent twice may still be read by the first connection', async () => {
  let requests = 0;
  const bytes = await putTo((request, response) => {
    requests += 1;
    if (requests > 1) request.resume().once('end', () => response.end());
    else {
      request.pause();
      response.writeHead(503).end();
    }
  });

  expect(requests).toBe(2);
  expect(bytes.areRead).toBe(false);
});
