import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { json } from 'node:stream/consumers';
import { generateWebhookSecret, sendAttempt, signatureHeaders } from '@rowferry/webhooks';
import { expect, onTestFinished, test } from 'vitest';

const RECEIVERS = [
  ['node', 'receive.mjs'],
  ['python3', 'receive.py'],
] as const;
const LINK = '/v1/uploads/019acb7e-6a10-7c41-9d2e-5f6a8b3c1d70';

type Receiver = { url: string; lines: string[] };

async function start(program: string, file: string, env: Record<string, string>): Promise<Receiver> {
  const child: ChildProcess = spawn(program, [`examples/webhooks/${file}`], {
    env: { ...process.env, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    const ended = once(child, 'exit');
    if (child.kill()) await ended;
  });
  if (child.stdout === null) throw new Error('no output');
  const output = createInterface(child.stdout);
  const [first] = await once(output, 'line');
  const lines: string[] = [];
  output.on('line', (line) => lines.push(line));
  return { url: `http://127.0.0.1:${String(first).replace('port ', '')}/`, lines };
}

async function deliver(url: string, secrets: string[], given: { id?: string; time?: Date } = {}) {
  const { id = randomUUID(), time = new Date() } = given;
  const event = { id, type: 'upload.completed', severity: 'info', data: { uploadId: '42', link: LINK } };
  const body = JSON.stringify(event);
  const headers = signatureHeaders({ id, time, body }, secrets);
  const request = { deliveryId: randomUUID(), attempt: 1, url, headers, body, notAfter: time.toISOString() };
  return (await sendAttempt(request, { allowPrivate: true })).httpStatus;
}

test.for(RECEIVERS)('%s: %s takes what is signed by its secret, and once', async ([program, file], { skip }) => {
  if (spawnSync(program, ['--version']).status !== 0) skip(`there is no ${program}`);
  const [secret, other] = [generateWebhookSecret(), generateWebhookSecret()];
  const { url, lines } = await start(program, file, { WEBHOOK_SECRET: secret });
  const id = randomUUID();

  expect(await deliver(url, [secret], { id })).toBe(204);
  expect(await deliver(url, [other, secret], { id })).toBe(204);
  expect(await deliver(url, [other])).toBe(401);
  expect(await deliver(url, [secret], { time: new Date(Date.now() - 3_600_000) })).toBe(401);
  expect(await deliver(url, [secret])).toBe(204);

  await expect.poll(() => lines).toEqual([`upload.completed ${LINK}`, `upload.completed ${LINK}`]);
});

test('the relay passes an event on to a chat, and on its failure lets Rowferry try again', async () => {
  const secret = generateWebhookSecret();
  const messages: unknown[] = [];
  const statuses = [500, 200];
  const chat = createServer(async (request, response) => {
    messages.push(await json(request));
    response.writeHead(statuses.shift() ?? 200).end();
  }).listen(0, '127.0.0.1');
  await once(chat, 'listening');
  onTestFinished(() => void chat.close());
  const env = { WEBHOOK_SECRET: secret, CHAT_URL: `http://127.0.0.1:${(chat.address() as AddressInfo).port}/` };
  const { url } = await start('node', 'relay-to-chat.mjs', { ...env, CONSOLE_URL: 'https://r.example' });

  expect(await deliver(url, [generateWebhookSecret()])).toBe(401);
  expect(await deliver(url, [secret])).toBe(502);
  expect(await deliver(url, [secret])).toBe(204);

  const message = { text: 'upload.completed (info) https://r.example/uploads/42' };
  expect(messages).toEqual([message, message]);
});

test('docs/webhooks.md shows the receivers as they are', () => {
  const document = readFileSync('docs/webhooks.md', 'utf8');
  for (const file of ['receive.mjs', 'receive.py', 'relay-to-chat.mjs'])
    expect(document).toContain(readFileSync(`examples/webhooks/${file}`, 'utf8'));
});
