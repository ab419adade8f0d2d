import { randomUUID } from 'node:crypto';
import { claimDeliveries, planDeliveries, recordAttempt } from '@rowferry/database';
import { expect, test } from 'vitest';
import { makeKey } from '../../test/make-key.ts';
import { type ServedApi, serveApi } from '../../test/serve-api.ts';

const URL = 'https://hooks.example.com/rowferry?team=payroll';
const TYPES = ['upload.completed', 'upload.failed'];
const DAY_MS = 86_400_000;

type Webhook = { id: string; secret?: string; previousSecretUntil: string | null; [member: string]: unknown };

function client({ url }: ServedApi, key?: string) {
  const headers: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  return async (method: string, path = '', body?: unknown) => {
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(`${url}/v1/webhooks${path}`, { method, headers: { ...headers, ...json }, ...sent });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) };
  };
}

/** What one attempt at each due delivery would get. */
function due({ database }: ServedApi) {
  const now = new Date(Date.now() + 1000);
  return claimDeliveries(database, { now, until: now, perHost: 100, total: 100 });
}

test('a webhook is created, shown and listed without its secret, and deleted', async () => {
  const api = await serveApi();
  const ask = client(api);

  const created = await ask('POST', '', { url: URL, types: [...TYPES, ...TYPES], description: 'payroll' });

  const { secret, ...webhook } = created.body as Webhook;
  expect(created.status).toBe(201);
  expect(created.headers.get('cache-control')).toBe('no-store');
  expect(created.headers.get('location')).toBe(`/v1/webhooks/${webhook.id}`);
  expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(webhook).toEqual({
    id: expect.any(String),
    url: URL,
    types: TYPES,
    description: 'payroll',
    createdAt: expect.stringMatching(/Z$/),
    lastDeliveredAt: null,
    disabledAt: null,
    disabledReason: null,
    previousSecretUntil: null,
  });
  expect((await ask('GET', `/${webhook.id}`)).body).toEqual(webhook);
  expect((await ask('GET')).body).toMatchObject({ data: [webhook], pagination: { total: 1 } });
  expect((await ask('DELETE', `/${webhook.id}`)).status).toBe(204);
  expect((await ask('GET', `/${webhook.id}`)).body).toMatchObject({ code: 'webhook_not_found' });
  expect(api.log.text()).not.toContain(secret);
  expect(api.log.text()).not.toContain('hooks.example.com');
});

test('a secret that is replaced signs for a day beside the new one', async () => {
  const api = await serveApi();
  const ask = client(api);
  const { id, secret: old } = (await ask('POST', '', { url: URL, types: TYPES })).body as Webhook;

  const rotated = (await ask('POST', `/${id}/rotate-secret`)).body as Webhook;

  const until = Date.parse(rotated.previousSecretUntil ?? '');
  expect(Math.abs(until - Date.now() - DAY_MS)).toBeLessThan(60_000);
  expect(rotated.secret).not.toBe(old);
  const event = { id: randomUUID(), type: 'upload.failed', body: '{}' };
  await planDeliveries(api.database, event, { now: new Date(), expiresAt: new Date() });
  expect(await due(api)).toMatchObject([{ secrets: [rotated.secret, old] }]);
});

test('deliveries are listed with their attempts, and replayed unless the webhook is disabled', async () => {
  const api = await serveApi();
  const { database } = api;
  const ask = client(api);
  const { id } = (await ask('POST', '', { url: URL, types: TYPES })).body as Webhook;
  const event = { id: randomUUID(), type: 'upload.completed', body: '{}' };
  const now = new Date();
  await planDeliveries(database, event, { now, expiresAt: now });
  const [claimed] = await due(api);
  const deliveryId = claimed?.id ?? '';
  const attempt = { deliveryId, attempt: 1, at: now, durationMs: 15_000, httpStatus: null, error: 'timeout' };
  await recordAttempt(database, attempt, () => ({ kind: 'failed', disable: 'failing' }), now);

  const { body } = await ask('GET', `/${id}/deliveries`);

  const delivery = {
    id: deliveryId,
    eventId: event.id,
    type: event.type,
    status: 'failed',
    createdAt: now.toISOString(),
    nextAttemptAt: null,
    attempts: [{ attempt: 1, at: now.toISOString(), durationMs: 15_000, httpStatus: null, error: 'timeout' }],
  };
  expect(body).toMatchObject({ data: [delivery], pagination: { total: 1 } });
  const replay = () => ask('POST', `/${id}/deliveries/${deliveryId}/replay`);
  expect(await replay()).toMatchObject({ status: 409, body: { code: 'webhook_disabled' } });
  expect((await ask('GET', `/${id}`)).body).toMatchObject({ disabledReason: 'failing' });
  expect((await ask('POST', `/${id}/enable`)).body).toMatchObject({ disabledAt: null, disabledReason: null });
  const { status, body: replayed } = await replay();
  expect(status).toBe(202);
  expect(replayed).toEqual({ ...delivery, status: 'pending', nextAttemptAt: expect.stringMatching(/Z$/) });
  expect(await due(api)).toMatchObject([{ id: deliveryId, attempt: 2, event_id: event.id }]);
});

test('what could never be delivered, or is not known, is refused with the reason, and nothing is created', async () => {
  const api = await serveApi();
  const ask = client(api);
  const faults: [body: object, parameter: string, message: RegExp][] = [
    [{ types: TYPES }, 'url', /must be a URL/],
    [{ url: 42, types: TYPES }, 'url', /must be a URL/],
    [{ url: 'hooks', types: TYPES }, 'url', /absolute URL/],
    [{ url: `https://example.com/${'x'.repeat(10_240)}`, types: TYPES }, 'url', /2048 characters/],
    [{ url: 'https://jane:secret@example.com/', types: TYPES }, 'url', /user name or password/],
    [{ url: 'https://example.com/#x', types: TYPES }, 'url', /fragment/],
    [{ url: 'http://example.com/', types: TYPES }, 'url', /https/],
    [{ url: 'ftp://example.com/', types: TYPES }, 'url', /https/],
    [{ url: 'https://169.254.169.254/', types: TYPES }, 'url', /public internet/],
    [{ url: 'https://[::1]/', types: TYPES }, 'url', /public internet/],
    [{ url: URL }, 'types', /one or more of upload\.completed/],
    [{ url: URL, types: [] }, 'types', /one or more of/],
    [{ url: URL, types: ['upload.done'] }, 'types.0', /must be one of upload\.completed/],
    [{ url: URL, types: TYPES, description: 'two\nlines' }, 'description', /one line/],
    [{ url: URL, types: TYPES, secret: 'whsec_x' }, 'secret', /is not a member/],
  ];

  for (const [body, parameter, message] of faults) {
    const refused = await ask('POST', '', body);
    expect(refused, JSON.stringify(body).slice(0, 100)).toMatchObject({
      status: 400,
      body: { code: 'invalid_body', errors: [{ parameter, message: expect.stringMatching(message) }] },
    });
    expect(JSON.stringify(refused.body)).not.toContain('jane');
  }
  expect((await ask('GET')).body.data).toEqual([]);
});

test('where private addresses are allowed, a webhook may be on this machine', async () => {
  const ask = client(await serveApi(() => ({ allowPrivateWebhooks: true })));
  expect((await ask('POST', '', { url: 'http://127.0.0.1:9000/x', types: TYPES })).status).toBe(201);
});

test('webhooks are for who has the scope operate', async () => {
  const api = await serveApi();
  const { key } = await makeKey(api, 'read', 'upload');
  const { key: operator } = await makeKey(api, 'operate');
  const ask = client(api, key);
  for (const [method, path] of [
    ['GET', ''],
    ['POST', ''],
    ['GET', `/${randomUUID()}/deliveries`],
    ['POST', `/${randomUUID()}/rotate-secret`],
  ] as const)
    expect((await ask(method, path)).status).toBe(403);
  expect((await client(api, operator)('GET')).status).toBe(200);
});
