import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import http, { type RequestListener } from 'node:http';
import https from 'node:https';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { Webhook } from 'standardwebhooks';
import { expect, onTestFinished, test } from 'vitest';
import type { AttemptRequest } from './attempt.ts';
import { type SenderSettings, sendAttempt } from './send-attempt.ts';
import { generateWebhookSecret, signatureHeaders } from './signature.ts';

const CERTIFICATES = new URL('../../../test/support/certificates/', import.meta.url);
const certificate = (name: string) => readFileSync(new URL(name, CERTIFICATES), 'utf8');
const PRIVATE: SenderSettings = { allowPrivate: true };

async function listen(server: Server): Promise<{ port: number; connections: Socket[] }> {
  const connections: Socket[] = [];
  server.on('connection', (socket: Socket) => connections.push(socket));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    for (const socket of connections) socket.destroy();
  });
  return { port: (server.address() as AddressInfo).port, connections };
}

function requestTo(url: string, given: Partial<AttemptRequest> = {}): AttemptRequest {
  return { deliveryId: 'd', attempt: 1, url, headers: {}, body: '{}', notAfter: '', ...given };
}

async function receive(listener: RequestListener) {
  const { port, connections } = await listen(http.createServer(listener));
  return { url: `http://127.0.0.1:${port}/hook?x=1`, port, connections };
}

test('a receiver gets one POST whose signature the published library verifies', async () => {
  const secret = generateWebhookSecret();
  const body = JSON.stringify({ type: 'upload.completed', note: '名簿' });
  const received = Promise.withResolvers<{ method?: string | undefined; url?: string | undefined; payload: unknown }>();
  const { url } = await receive(async (request, response) => {
    const { method, url, headers } = request;
    const payload = new Webhook(secret).verify(await buffer(request), headers as Record<string, string>);
    received.resolve({ method, url, payload });
    response.writeHead(204).end();
  });

  const headers = signatureHeaders({ id: 'event', time: new Date(), body }, [secret]);
  const answer = await sendAttempt(requestTo(url, { headers, body, attempt: 3 }), PRIVATE);

  expect(await received.promise).toEqual({ method: 'POST', url: '/hook?x=1', payload: JSON.parse(body) });
  expect(answer).toEqual({
    deliveryId: 'd',
    attempt: 3,
    at: expect.stringMatching(/^\d{4}-.*Z$/),
    durationMs: expect.any(Number),
    httpStatus: 204,
    error: null,
    retryAfterSeconds: null,
  });
});

test.for<[status: number, error: string | null]>([
  [200, null],
  [202, null],
  [301, 'redirect'],
  [307, 'redirect'],
  [400, 'bad_status'],
  [410, 'gone'],
  [429, 'bad_status'],
  [503, 'bad_status'],
])('status %i: %s', async ([status, error]) => {
  let calls = 0;
  const { url } = await receive((_, response) => {
    calls++;
    response.writeHead(status, { Location: '/elsewhere', 'Retry-After': '30' }).end('x');
  });
  const answer = await sendAttempt(requestTo(url), PRIVATE);
  expect(answer).toMatchObject({ httpStatus: status, error, retryAfterSeconds: 30 });
  expect(calls).toBe(1);
});

test('of an endless answer 4 KiB are read, and its status counts', async () => {
  const { url, connections } = await receive((_, response) => {
    response.writeHead(200);
    const more = () => void (response.destroyed || response.write('x'.repeat(1024), () => setImmediate(more)));
    more();
  });
  expect(await sendAttempt(requestTo(url), PRIVATE)).toMatchObject({ httpStatus: 200, error: null });
  await expect.poll(() => connections.every(({ destroyed }) => destroyed)).toBe(true);
});

test.for<[what: string, listener: RequestListener]>([
  ['says nothing', () => {}],
  ['begins a head and no more', ({ socket }) => void socket.write('HTTP/1.1 200 OK\r\nX: ')],
  ['sends a byte of its answer now and then', (_, response) => void response.writeHead(200).write('x')],
])('a receiver that %s is left when the time is over', async ([, listener]) => {
  const { url, connections } = await receive(listener);
  const answer = await sendAttempt(requestTo(url), { ...PRIVATE, timeoutMs: 200 });
  expect(answer).toMatchObject({ httpStatus: null, error: 'timeout' });
  expect(answer.durationMs).toBeGreaterThanOrEqual(190);
  await expect.poll(() => connections.every(({ destroyed }) => destroyed)).toBe(true);
});

test.for<[what: string, error: string, answer: string]>([
  ['no HTTP', 'malformed_answer', 'SSH-2.0-x\r\n\r\n'],
  ['too large a head', 'malformed_answer', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
  ['nothing, and a closed connection', 'connection_failed', ''],
  ['less of a body than announced', 'connection_failed', 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nx'],
])('an answer that is %s: %s', async ([, error, text]) => {
  const { port } = await listen(createServer((socket) => socket.once('data', () => socket.end(text)).resume()));
  expect((await sendAttempt(requestTo(`http://127.0.0.1:${port}/`), PRIVATE)).error).toBe(error);
});

test('a port that nobody listens on, and a name that is not there', async () => {
  const { port } = await listen(createServer());
  const noSuchName = async () => Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }));
  const ask = async (url: string, settings = PRIVATE) => (await sendAttempt(requestTo(url), settings)).error;
  expect(await ask(`https://127.0.0.1:${port}/`, { ...PRIVATE, timeoutMs: 300 })).toBe('timeout');
  expect(await ask('http://127.0.0.1:1/')).toBe('connection_failed');
  expect(await ask('https://nowhere.example/', { ...PRIVATE, resolve: noSuchName })).toBe('name_not_found');
});

test('a certificate must be valid for the name', async () => {
  const server = https.createServer(
    { key: certificate('server.key'), cert: certificate('server.pem') },
    (_, response) => void response.end(),
  );
  const { port } = await listen(server);
  const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
  const ask = async (name: string, ca?: string) =>
    (await sendAttempt(requestTo(`https://${name}:${port}/`), { ...PRIVATE, resolve, ...(ca && { ca }) })).error;

  expect(await ask('localhost', certificate('ca.pem'))).toBeNull();
  expect(await ask('other.example', certificate('ca.pem'))).toBe('tls_failed');
  expect(await ask('localhost')).toBe('tls_failed');
});

test('nothing connects to an address that is not public, whatever the name says', async () => {
  const { port, connections } = await receive((_, response) => void response.end());
  const ask = async (url: string, ...addresses: string[]) => {
    const resolve = async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
    return (await sendAttempt(requestTo(url), { allowPrivate: false, resolve })).error;
  };

  expect(await ask(`https://127.0.0.1:${port}/`)).toBe('address_refused');
  expect(await ask(`https://[::ffff:127.0.0.1]:${port}/`)).toBe('address_refused');
  expect(await ask(`http://hooks.example:${port}/`, '127.0.0.1')).toBe('address_refused');
  expect(await ask(`https://hooks.example:${port}/`, '127.0.0.1')).toBe('address_refused');
  expect(await ask(`https://hooks.example:${port}/`, '::ffff:7f00:1', 'fd00:ec2::254')).toBe('address_refused');
  expect(connections).toEqual([]);
});

test('a name that has another address a moment later (rebinding) is connected to by the one that was checked', async () => {
  const { port, connections } = await receive((_, response) => void response.end());
  // A connection that looked the name up again would go where nobody listens.
  const answers = ['127.0.0.1', '127.0.0.2'];
  let lookups = 0;
  const resolve = async () => [{ address: answers[lookups++] ?? '', family: 4 }];

  const answer = await sendAttempt(requestTo(`http://hooks.example:${port}/`), { ...PRIVATE, resolve });

  expect(answer).toMatchObject({ httpStatus: 200, error: null });
  expect(lookups).toBe(1);
  expect(connections).toHaveLength(1);
});
