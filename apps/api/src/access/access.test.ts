import { revokeApiKey } from '@rowferry/database';
import { expect, test } from 'vitest';
import { openAccess } from '../../test/api-settings.ts';
import { makeKey, NOTICED } from '../../test/make-key.ts';
import { rawGet } from '../../test/raw-get.ts';
import { serveApi } from '../../test/serve-api.ts';

async function ask(url: string, authorization?: string, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(url, { headers: authorization === undefined ? headers : { ...headers, authorization } });
}

async function codeOf(response: Response): Promise<string> {
  const { code } = (await response.json()) as { code: string };
  return code;
}

test('without any key, an API on loopback lets this machine do everything', async () => {
  const { url } = await serveApi();

  expect((await ask(`${url}/v1/uploads`)).status).toBe(200);
  expect(await codeOf(await fetch(`${url}/v1/employee-data-upload`, { method: 'POST' }))).toBe('not_multipart');
});

test('without any key, an API that others can reach lets nobody in', async () => {
  const { url } = await serveApi((fixtures) => ({ access: { ...openAccess(fixtures), openWithoutKeys: false } }));

  const refused = await ask(`${url}/v1/uploads`);

  expect(refused.status).toBe(401);
  expect(refused.headers.get('www-authenticate')).toBe('Bearer realm="rowferry"');
  expect(await codeOf(refused)).toBe('unauthorized');
});

test('once there is a key, it opens what its scopes allow and nothing else does', async () => {
  const api = await serveApi();
  const { key } = await makeKey(api, 'read');
  const uploads = `${api.url}/v1/uploads`;

  await expect.poll(async () => (await ask(uploads)).status, NOTICED).toBe(401);

  expect((await ask(uploads, `Bearer ${key}`)).status).toBe(200);
  expect((await ask(uploads, `bearer  ${key}`)).status).toBe(200);
  const beyond = await fetch(`${api.url}/v1/employee-data-upload`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}` },
  });
  expect(beyond.status).toBe(403);
  expect(beyond.headers.get('www-authenticate')).toBe(
    'Bearer realm="rowferry", error="insufficient_scope", scope="upload"',
  );
  expect(await codeOf(beyond)).toBe('insufficient_scope');
});

test('a key with a wrong secret, of a wrong form or of another scheme is refused', async () => {
  const api = await serveApi();
  const { id, key } = await makeKey(api, 'read');
  const wrong = [
    `Bearer rf_${id}_${'A'.repeat(43)}`,
    `Bearer ${key}A`,
    `Bearer ${key.slice(0, -1)}`,
    `Bearer ${id}`,
    `Bearer rf_0000000000000000_${'A'.repeat(43)}`,
    `Basic ${key}`,
    'Bearer',
    key,
  ];

  for (const authorization of wrong) {
    const refused = await ask(`${api.url}/v1/uploads`, authorization);
    expect([refused.status, await codeOf(refused)], authorization).toEqual([401, 'unauthorized']);
    expect(refused.headers.get('www-authenticate')).toMatch(
      /^Bearer realm="rowferry", error="invalid_(token|request)"$/,
    );
  }
});

test('a revoked key is refused, and when it was the last one the API stays closed', async () => {
  const api = await serveApi();
  const { id, key } = await makeKey(api, 'read');
  const uploads = `${api.url}/v1/uploads`;
  await expect.poll(async () => (await ask(uploads, `Bearer ${key}`)).status, NOTICED).toBe(200);

  await revokeApiKey(api.database, id);

  await expect.poll(async () => (await ask(uploads, `Bearer ${key}`)).status, NOTICED).toBe(401);
  expect((await ask(uploads)).status).toBe(401);
});

test('Postgres holds no key, only its hash', async () => {
  const api = await serveApi();
  const { id, key } = await makeKey(api, 'read');

  const { rows } = await api.database.raw('select api_keys::text as text from api_keys');

  expect(rows).toHaveLength(1);
  expect(rows[0].text).not.toContain(key.slice(`rf_${id}_`.length));
});

test('the document and the page are for everybody', async () => {
  const api = await serveApi();
  await makeKey(api, 'read');
  await expect.poll(async () => (await ask(`${api.url}/v1/uploads`)).status, NOTICED).toBe(401);

  expect((await ask(`${api.url}/openapi.json`)).status).toBe(200);
  expect((await ask(`${api.url}/docs`)).status).toBe(200);
});

test.for<[string, Record<string, string>]>([
  ['the name of a site that points here', { host: 'evil.example' }],
  ['an address of another machine', { host: '192.0.2.7:3000' }],
  ['a page of another site', { origin: 'https://evil.example' }],
  ['a page of another port', { origin: 'http://127.0.0.1:1' }],
  ['a sandboxed page', { origin: 'null' }],
  ['an image of another site', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
  ['an image of another port', { 'sec-fetch-site': 'same-site', 'sec-fetch-mode': 'no-cors' }],
  ['a proxy that names the client', { 'x-forwarded-for': '192.0.2.7' }],
  ['a proxy that names itself', { via: '1.1 proxy' }],
])('without any key, a request by %s is refused', async ([, headers]) => {
  const { url } = await serveApi();

  const { status, code } = await rawGet(`${url}/v1/uploads`, headers);

  expect([status, code]).toEqual([403, 'not_local']);
});

test('without any key, its own pages and those of CORS_ORIGINS are answered', async () => {
  const { url } = await serveApi((fixtures) => ({
    access: { ...openAccess(fixtures), corsOrigins: ['https://hr.example'] },
  }));

  expect((await rawGet(`${url}/v1/uploads`, { origin: url })).status).toBe(200);
  expect((await rawGet(`${url}/v1/uploads`, { origin: 'https://hr.example' })).status).toBe(200);
  expect((await rawGet(`${url}/v1/uploads`, { 'sec-fetch-site': 'same-origin' })).status).toBe(200);
  expect((await rawGet(`${url}/v1/uploads`, { 'sec-fetch-site': 'none' })).status).toBe(200);
  expect((await rawGet(`${url}/v1/uploads`, { host: 'localhost:3000', origin: 'http://localhost:3000' })).status).toBe(
    200,
  );
});
