import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { recordLog, serveHttp } from '@rowferry/testing';
import express from 'express';
import { expect, test } from 'vitest';
import { ApiProblem } from '../problems/api-problem.ts';
import { requestLog } from './request-log.ts';
import { sendCsv } from './send-csv.ts';

/** A server whose only answer is these lines. `failed` tells what `sendCsv` threw, undefined if nothing. */
async function serveLines(
  lines: () => AsyncIterable<string>,
  { fileName = 'staff.csv', reauthorize }: { fileName?: string; reauthorize?: () => Promise<void> } = {},
) {
  const sent = Promise.withResolvers<unknown>();
  const app = express();
  app.use(requestLog(recordLog().logger));
  app.get('/', (request, response) => {
    if (reauthorize !== undefined) request.reauthorize = reauthorize;
    sendCsv(response, fileName, lines()).then(() => sent.resolve(undefined), sent.resolve);
  });
  return { url: await serveHttp(app), sent: sent.promise };
}

test('lines arrive in order, behind a byte order mark, under a name that any script may have', async () => {
  const many = Array.from({ length: 50_000 }, (_, index) => `Zoë,${index}\r\n`);
  const { url } = await serveLines(
    async function* () {
      yield* many;
    },
    { fileName: 'Größe "1".csv' },
  );

  const response = await fetch(url);

  expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present');
  expect(response.headers.get('content-disposition')).toContain("filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%221%22.csv");
  expect(Buffer.from(await response.arrayBuffer()).toString()).toBe(`\ufeff${many.join('')}`);
});

test('when the lines break off, so does the answer: nobody takes half a file for a whole one', async () => {
  const { url, sent } = await serveLines(async function* () {
    yield 'x'.repeat(200_000);
    throw new Error('Postgres went away');
  });

  await expect(fetch(url).then((response) => response.text())).rejects.toThrow();
  expect(await sent).toEqual(new Error('Postgres went away'));
});

test('a client that disconnects is no error, and releases what the lines are made from', async () => {
  const released = Promise.withResolvers<void>();
  const { url, sent } = await serveLines(async function* () {
    try {
      for (;;) yield 'x'.repeat(10_000);
    } finally {
      released.resolve();
    }
  });
  const request = get(url);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  await once(response, 'readable');

  response.destroy();

  await released.promise;
  expect(await sent).toBeUndefined();
});

test('is cut off when its credentials are no longer valid, and not while they cannot be checked', async () => {
  const released = Promise.withResolvers<void>();
  const checks = [new Error('Postgres is away'), undefined, new ApiProblem('unauthorized', 'The key was revoked.')];
  const { url } = await serveLines(
    async function* () {
      try {
        for (;;) yield 'x'.repeat(10_000);
      } finally {
        released.resolve();
      }
    },
    {
      reauthorize: async () => {
        const error = checks.shift();
        if (error !== undefined) throw error;
      },
    },
  );

  const response = await fetch(url);

  await expect(response.body?.pipeTo(new WritableStream())).rejects.toThrow();
  expect(checks).toEqual([]);
  await released.promise;
});
