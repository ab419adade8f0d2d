import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { addApiKey, generateApiKey } from '@rowferry/database';
import { keysOf } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { openAccess } from '../../test/api-settings.ts';
import { fileForm, type ServedApi, serveApi } from '../../test/serve-api.ts';
import { KEYS_FRESH_MS } from '../access/key-ring.ts';

const MIB = 1024 * 1024;
const KIB = 1024;

test('an answer tells browsers to be careful and nobody what serves it', async () => {
  const { url } = await serveApi();

  const { headers } = await fetch(`${url}/v1/uploads`);

  expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-powered-by')).toBeNull();
});

test('no page of another site can read an answer, unless CORS_ORIGINS has it', async () => {
  const closed = await serveApi();
  const open = await serveApi((fixtures) => ({
    access: { ...openAccess(fixtures), corsOrigins: ['https://hr.example'] },
  }));
  const from = (origin: string) => ({ headers: { origin } });
  const preflight = {
    method: 'OPTIONS',
    headers: { origin: 'https://hr.example', 'access-control-request-method': 'POST' },
  };
  const allowed = async (response: Promise<Response>) => (await response).headers.get('access-control-allow-origin');

  expect(await allowed(fetch(`${closed.url}/openapi.json`, from('https://hr.example')))).toBeNull();
  expect(await allowed(fetch(`${closed.url}/v1/uploads`, preflight))).toBeNull();
  expect(await allowed(fetch(`${open.url}/v1/uploads`, from('https://hr.example')))).toBe('https://hr.example');
  expect(await allowed(fetch(`${open.url}/v1/uploads`, preflight))).toBe('https://hr.example');
  expect(await allowed(fetch(`${open.url}/openapi.json`, from('https://evil.example')))).toBeNull();
});

test('who asks too often is told when to come back, and others are not held up', async () => {
  const api = await serveApi(() => ({ rateLimitPerMinute: 3 }));
  const mine = await makeKey(api);
  const theirs = await makeKey(api);
  const ask = (key: string) => fetch(`${api.url}/openapi.json`, { headers: { authorization: `Bearer ${key}` } });

  const answers = [await ask(mine), await ask(mine), await ask(mine), await ask(mine)];

  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
  expect(answers[0]?.headers.get('ratelimit-policy')).toMatch(/q=3; w=60/);
  expect(answers[0]?.headers.get('ratelimit')).toMatch(/r=2; t=\d+/);
  const refused = answers[3];
  expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(await refused?.json()).toMatchObject({ status: 429, code: 'rate_limited' });
  expect((await ask(theirs)).status).toBe(200);
});

test('wrong credentials are counted by address, whatever they are', async () => {
  const api = await serveApi(() => ({ rateLimitPerMinute: 3 }));
  const ask = (key: string) => fetch(`${api.url}/v1/uploads`, { headers: { authorization: `Bearer ${key}` } });

  const answers = [await ask('a'), await ask('b'), await ask('c'), await ask('d')];

  expect(answers.map(({ status }) => status)).toEqual([401, 401, 401, 429]);
});

test('an upload of many megabytes is one request', async () => {
  const { url } = await serveApi(() => ({ rateLimitPerMinute: 1 }));

  const sent = await fetch(`${url}/v1/employee-data-upload`, { method: 'POST', body: fileForm('x'.repeat(20 * MIB)) });

  expect(sent.status).toBe(202);
});

test('a safe request id is taken over; another is replaced; problems name it too', async () => {
  const { url, log } = await serveApi();
  const ask = (id: string) => fetch(`${url}/v1/nothing`, { headers: { 'x-request-id': id } });

  const mine = await ask('trace-1.2:3');
  expect(mine.headers.get('x-request-id')).toBe('trace-1.2:3');
  expect(await mine.json()).toMatchObject({ requestId: 'trace-1.2:3' });
  const unsafe = await ask('"}{"level":60');
  expect(unsafe.headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  await expect.poll(() => log.entries.map(({ requestId }) => requestId)).toContain('trace-1.2:3');
});

/** All that a server answers to bytes until it ends the connection. */
async function answersTo({ url }: ServedApi, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(bytes);
  return text(socket);
}

/** What a server answers to bytes that are no good request. */
async function answerTo(api: ServedApi, bytes: string): Promise<{ status: number; head: string; body: unknown }> {
  const [head = '', body = ''] = (await answersTo(api, bytes)).split('\r\n\r\n');
  expect(head.toLowerCase()).toContain('content-type: application/problem+json');
  return { status: Number(head.split(' ')[1]), head, body: JSON.parse(body) };
}

test('what is no HTTP, or has too large headers, is a problem too', async () => {
  const api = await serveApi();

  expect(await answerTo(api, 'hello\r\n\r\n')).toMatchObject({ status: 400, body: { code: 'malformed_request' } });
  const preface = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0';
  expect(await answerTo(api, preface)).toMatchObject({
    status: 400,
    body: { code: 'malformed_request', detail: expect.stringContaining('HTTP/1.1') },
  });
  const large = `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20 * KIB)}\r\n\r\n`;
  expect(await answerTo(api, large)).toMatchObject({ status: 431, body: { code: 'headers_too_large' } });
  expect((await fetch(`${api.url}/openapi.json`)).status).toBe(200);
});

test.for<[string, string, number, string]>([
  ['without a Host', 'GET /healthz HTTP/1.1\r\n', 400, 'malformed_request'],
  ['without a path or a host', 'GET http:// HTTP/1.1\r\nHost: x\r\n', 400, 'malformed_request'],
  ['with two of them', 'GET /healthz HTTP/1.1\r\nHost: x\r\nHost: x\r\n', 400, 'malformed_request'],
  [
    'that expects what nobody knows',
    'POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: foo\r\n',
    417,
    'expectation_failed',
  ],
  ['to a proxy', 'CONNECT x.org:443 HTTP/1.1\r\nHost: x.org:443\r\n', 405, 'method_not_allowed'],
])('a request %s is answered with a problem under its id, and others go on', async ([, request, status, code]) => {
  const api = await serveApi();

  const answer = await answerTo(api, `${request}X-Request-Id: mine\r\n\r\n`);

  expect(answer).toMatchObject({ status, body: { status, code, requestId: 'mine' } });
  expect(answer.head).toContain('X-Request-Id: mine');
  expect((await fetch(`${api.url}/healthz`)).status).toBe(200);
});

test.for<[string, string, string]>([
  ['/v1/uploads', 'application/json', 'body_too_large'],
  ['/v1/employee-data-upload', 'multipart/form-data; boundary=b', 'file_too_large'],
])('a body that is announced as too large for %s is refused before it comes', async ([path, type, code]) => {
  const api = await serveApi();
  const head = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: ${type}\r\nContent-Length: 999999999999\r\n\r\n`;

  expect(await answerTo(api, `${head}{`)).toMatchObject({ status: 413, body: { code } });
});

test('a body with a wrong key is refused before it comes, and the connection is closed', async () => {
  const api = await serveApi();
  const head =
    'POST /v1/employee-data-upload HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer wrong\r\n' +
    'Content-Type: multipart/form-data; boundary=b\r\nContent-Length: 999999999\r\n\r\n';

  const answer = await answerTo(api, `${head}--b\r\n`);

  expect(answer).toMatchObject({ status: 401, body: { code: 'unauthorized' } });
  expect(answer.head).toMatch(/^Connection: close\r$/m);
});

test('a client is counted by its address, whatever port a proxy writes behind it', async () => {
  const { url } = await serveApi(() => ({ rateLimitPerMinute: 3, trustedProxies: 1 }));
  const ask = async (address: string) =>
    (await fetch(`${url}/healthz`, { headers: { 'x-forwarded-for': address } })).status;

  const statuses = [];
  for (const port of [1, 2, 3, 4]) statuses.push(await ask(`192.0.2.7:${port}`));

  expect(statuses).toEqual([200, 200, 200, 429]);
  expect(await ask('192.0.2.8:1')).toBe(200);
});

test('a request without a Host is answered after those that came before it on its connection', async () => {
  const api = await serveApi();

  const answers = await answersTo(api, 'GET /v1/uploads HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET / HTTP/1.1\r\n\r\n');

  expect(answers.match(/HTTP\/1.1 \d+/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 400']);
});

test('HTTP/1.0 needs no Host, and a request that expects to be told to go on is', async () => {
  const api = await serveApi();
  const waiting = 'GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\nExpect: 100-continue\r\n\r\n';

  expect(await answersTo(api, 'GET /healthz HTTP/1.0\r\n\r\n')).toMatch(/^HTTP\/1.1 200/);
  expect(await answersTo(api, waiting)).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 200/);
});

test('neither a search term nor a key gets into the log', async () => {
  const api = await serveApi();
  const key = await makeKey(api);
  const noticed = { timeout: KEYS_FRESH_MS + 8000 };
  await expect.poll(async () => (await fetch(`${api.url}/v1/uploads`)).status, noticed).toBe(401);

  await fetch(`${api.url}/v1/employees?searchTerm=jane.doe`, { headers: { authorization: `Bearer ${key}` } });
  await fetch(`${api.url}/v1/employees?searchTerm=jane.doe&page=0`, { headers: { authorization: `Bearer ${key}` } });

  await expect.poll(() => api.log.text()).toContain('/v1/employees');
  expect(api.log.text()).not.toMatch(/jane|rf_/);
});

async function makeKey({ database }: ServedApi): Promise<string> {
  const { id, key, hash } = generateApiKey();
  await addApiKey(database, { id, name: 'test', scopes: ['read'], hash });
  return key;
}

test('an object says which request brought it', async () => {
  const { url, s3, bucket } = await serveApi();
  const named = { 'x-request-id': 'trace-1' };
  await fetch(`${url}/v1/employee-data-upload`, {
    method: 'POST',
    body: fileForm('name,company,email\n'),
    headers: named,
  });

  const [Key] = await keysOf(s3, bucket);

  const { Metadata } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key }));
  expect(Metadata).toEqual({ 'request-id': 'trace-1', 'upload-id': expect.any(String) });
});
