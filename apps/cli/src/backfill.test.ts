import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const ID = '019acb7e-7c4e-7d0a-b0a5-3f1a5c0b7e21';

const FILES = { waiting: 0, running: 0, done: 0, failed: 0, skipped: 0 };
const RUNNING = { id: ID, status: 'running', files: { ...FILES, waiting: 2 }, unchanged: 0, rows: {}, failure: null };
const ENDED = {
  ...RUNNING,
  status: 'completed_with_errors',
  files: { ...FILES, done: 1, failed: 1 },
  unchanged: 3,
  rows: { inserted: 7, updated: 0, rejected: 2 },
};

/** An API that gives these answers, one after the other, and the command with its URL as people copy it. */
async function setup(...answers: [status: number, body: object][]) {
  const asked: unknown[] = [];
  const server = createServer(async (request, response) => {
    const { method, url, headers } = request;
    asked.push([method, url, headers.authorization, ...(method === 'POST' ? [await json(request)] : [])]);
    const [status, body] = answers.shift() ?? [500, {}];
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  onTestFinished(close);
  const run = (...args: string[]) =>
    new Promise<{ code: unknown; stdout: string; stderr: string }>((resolve) =>
      execFile(
        process.execPath,
        [MAIN, 'backfill', '--prefix', 'incoming/', '--url', `${url}/`, ...args],
        { env: { ...process.env, ROWFERRY_API_KEY: 'rf_key' } },
        (error, stdout, stderr) => resolve({ code: error?.code ?? 0, stdout, stderr }),
      ),
    );
  return { asked, url, run, close };
}

test('it asks for a backfill, follows it to its end, and ends with 1 when a file has failed', async () => {
  const { asked, url, run } = await setup([202, RUNNING], [200, RUNNING], [200, ENDED]);

  expect(await run('--profile', 'payroll', '--concurrency', '2')).toEqual({
    code: 1,
    stdout: [
      `Backfill ${ID} began: ${url}/v1/backfills/${ID}`,
      'Status     completed_with_errors',
      'Files      1 done, 1 failed, 0 skipped, 3 unchanged',
      'Rows       7 inserted, 2 rejected',
      `Why        ${url}/v1/backfills/${ID}/files?state=failed`,
      '',
    ].join('\n'),
    stderr: '',
  });
  expect(asked).toEqual([
    ['POST', '/v1/backfills', 'Bearer rf_key', { prefix: 'incoming/', profile: 'payroll', concurrency: 2 }],
    ['GET', `/v1/backfills/${ID}`, 'Bearer rf_key'],
    ['GET', `/v1/backfills/${ID}`, 'Bearer rf_key'],
  ]);
});

test('a refusal is said in one line, and so is an API that does not answer', async () => {
  const { url, run, close } = await setup(
    [422, { detail: 'The bucket has no object below "incoming/".' }],
    [401, { detail: 'Send an API key as Authorization: Bearer.' }],
  );

  expect(await run()).toEqual({
    code: 1,
    stdout: '',
    stderr: 'rowferry: The bucket has no object below "incoming/".\n',
  });
  expect(await run()).toEqual({
    code: 1,
    stdout: '',
    stderr: `rowferry: the API at ${url} wants a valid key: name one with --key or ROWFERRY_API_KEY\n`,
  });
  close();
  expect(await run()).toEqual({
    code: 1,
    stdout: '',
    stderr: `rowferry: the API at ${url} does not answer; start it, or name another with --url\n`,
  });
});
