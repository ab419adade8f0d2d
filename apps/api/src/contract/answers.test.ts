import { randomUUID } from 'node:crypto';
import {
  addApiKey,
  claimKey,
  connect,
  failUpload,
  finishSegment,
  generateApiKey,
  planDeliveries,
  recordDeadRows,
  startUpload,
  storeNotifications,
  writeRows,
} from '@rowferry/database';
import type { Warning } from '@rowferry/roster';
import {
  anUpload,
  putObject,
  services,
  setupClients,
  setupEmptyDatabase,
  setupProxy,
  someFacts,
} from '@rowferry/testing';
import { expect, onTestFinished, test, vi } from 'vitest';
import { openAccess } from '../../test/api-settings.ts';
import { Conformance, type Operation } from '../../test/conformance.ts';
import { fileForm, type ServedApi, serveApi } from '../../test/serve-api.ts';
import type { OpenApiDocument } from './document.ts';

const MIB = 1024 * 1024;
const CSV = 'employee_name,company_name,mobile_no,email\nJane,Acme,0123456789,jane@x.org\n';
const UNKNOWN_ID = '01930000-0000-7000-8000-000000000000';
const UNKNOWN_KEY_ID = '0123456789abcdef';

/** `operationId status` of every answer in this file: the last test asks what the document has beside them. */
const seen = new Set<string>();

type Ask = (method: string, path: string, init?: RequestInit) => Promise<Response>;

/** Sends requests to an API and holds every answer against its document. */
async function walker({ url, log }: ServedApi): Promise<{ ask: Ask; conformance: Conformance }> {
  // Every operation and status is asked for in this file, so every log line of a route is seen here.
  onTestFinished(() => expect(log.entries.filter(({ requestId }) => requestId === undefined)).toEqual([]));
  const response = await fetch(`${url}/openapi.json`);
  const conformance = new Conformance((await response.json()) as OpenApiDocument);
  const ask: Ask = async (method, path, init) => {
    const answer = await fetch(url + path, { ...init, method });
    const { status, headers } = answer;
    const text = await answer.clone().text();
    for (const answered of conformance.check({ method, path, status, headers, text })) seen.add(answered);
    return answer;
  };
  return { ask, conformance };
}

const json = (body: unknown, headers: Record<string, string> = {}) => ({
  body: JSON.stringify(body),
  headers: { 'content-type': 'application/json', ...headers },
});
const form = (csv = CSV, headers: Record<string, string> = {}) => ({ body: fileForm(csv), headers });
const withKey = (key: string) => ({ 'idempotency-key': key });

async function statusOf(answer: Promise<Response>): Promise<number> {
  return (await answer).status;
}

/** An upload with an employee, a rejected row and a dead one. */
async function landedUpload({ database, bucket }: ServedApi): Promise<string> {
  const upload = anUpload({ bucket });
  const { id } = upload;
  await startUpload(database, upload, someFacts({ ignoredColumns: ['age'] }));
  const employee = { employee_name: 'Jane', company_name: 'Acme', mobile_no: '0123456789', email: 'jane@x.org' };
  const address = { uploadId: id, attempts: 1 };
  await writeRows(
    database,
    [{ ...address, receivedAtMicros: 0, line: 2, employee }],
    [{ ...address, line: 3, raw: ['x'], errors: [{ code: 'field_count', column: null, message: 'has 1 field' }] }],
  );
  await recordDeadRows(database, [{ ...address, line: 4, messageId: randomUUID(), raw: employee }]);
  const text = 'employee_name has signs written as HTML';
  const warnings: Warning[] = [{ code: 'html_entities', column: 'employee_name', text, count: 1, lines: [2] }];
  await finishSegment(database, { uploadId: id, segment: 0, rows: 3, warnings });
  return id;
}

async function failedUpload({ database }: ServedApi): Promise<void> {
  await failUpload(database, anUpload(), {
    code: 'missing_columns',
    detail: 'No column for email.',
    columns: ['email'],
  });
}

test('uploads and their rows are answered as documented', async () => {
  const api = await serveApi(() => ({ maxUploadBytes: MIB }));
  const { ask } = await walker(api);
  const id = await landedUpload(api);
  await failedUpload(api);

  expect(await statusOf(ask('GET', '/v1/uploads?status=completed_with_errors'))).toBe(200);
  expect(await statusOf(ask('GET', '/v1/uploads?limit=1&page=2'))).toBe(200);
  expect(await statusOf(ask('GET', '/v1/uploads?page=0'))).toBe(400);
  expect(await statusOf(ask('GET', `/v1/uploads/${id}`))).toBe(200);
  expect(await statusOf(ask('GET', '/v1/uploads/42'))).toBe(400);
  expect(await statusOf(ask('GET', `/v1/uploads/${UNKNOWN_ID}`))).toBe(404);
  expect(await statusOf(ask('GET', `/v1/uploads/${id}/settings`))).toBe(200);
  expect(await statusOf(ask('GET', '/v1/uploads/42/settings'))).toBe(400);
  expect(await statusOf(ask('GET', `/v1/uploads/${UNKNOWN_ID}/settings`))).toBe(404);
  for (const path of ['/v1/failed-rows', `/v1/uploads/${id}/failed-rows`, `/v1/uploads/${id}/failed-rows.csv`]) {
    expect(await statusOf(ask('GET', path))).toBe(200);
    expect(await statusOf(ask('GET', `${path}?outcome=landed`))).toBe(400);
    expect(await statusOf(ask('GET', path.replace(id, UNKNOWN_ID)))).toBe(path === '/v1/failed-rows' ? 200 : 404);
  }
  const events = await ask('GET', `/v1/uploads/${id}/events`);
  expect(events.status).toBe(200);
  const lastId = /^id: (.*)$/m.exec(await events.text())?.[1] ?? '';
  expect(await statusOf(ask('GET', `/v1/uploads/${id}/events`, { headers: { 'last-event-id': lastId } }))).toBe(204);
  expect(await statusOf(ask('GET', '/v1/uploads/42/events'))).toBe(400);
  expect(await statusOf(ask('GET', `/v1/uploads/${UNKNOWN_ID}/events`))).toBe(404);
  const redriven = await ask('POST', `/v1/uploads/${id}/redrive`);
  expect(redriven.status).toBe(202);
  expect(api.log.entries).toContainEqual(
    expect.objectContaining({
      msg: 'upload redriven',
      uploadId: id,
      rows: 1,
      requestId: redriven.headers.get('x-request-id'),
    }),
  );
  expect(await statusOf(ask('POST', `/v1/uploads/${id}/redrive`))).toBe(409);
  expect(await statusOf(ask('POST', '/v1/uploads/42/redrive'))).toBe(400);
  expect(await statusOf(ask('POST', `/v1/uploads/${UNKNOWN_ID}/redrive`))).toBe(404);
});

test('sending a file is answered as documented', async () => {
  const api = await serveApi(() => ({ maxUploadBytes: MIB }));
  const { ask } = await walker(api);
  const path = '/v1/employee-data-upload';

  expect(await statusOf(ask('POST', path, form()))).toBe(202);
  expect(await statusOf(ask('POST', `${path}?dryRun=true`, form(`${CSV}Joan,Acme,1,joan\n`)))).toBe(200);
  expect(await statusOf(ask('POST', path, { body: new FormData() }))).toBe(400);
  expect(await statusOf(ask('POST', path, form(CSV.padEnd(MIB + 1, 'x'))))).toBe(413);
  expect(await statusOf(ask('POST', path, json({})))).toBe(415);
  expect(await statusOf(ask('POST', path, form('%PDF-1.7')))).toBe(415);
  expect(await statusOf(ask('POST', path, form(CSV, withKey('a'))))).toBe(202);
  expect(await statusOf(ask('POST', path, form(CSV, withKey('a'))))).toBe(202);
  expect(await statusOf(ask('POST', path, form(CSV.replace('Jane', 'Joan'), withKey('a'))))).toBe(422);
  await claimKey(api.database, { caller: 'anybody', operation: 'sendFile', key: 'b', id: randomUUID() }, 60);
  expect(await statusOf(ask('POST', path, form(CSV, withKey('b'))))).toBe(409);
});

test('sending a file straight to S3 is answered as documented', async () => {
  const api = await serveApi(() => ({ maxUploadBytes: MIB }));
  const { ask } = await walker(api);
  const plan = async (headers = {}) => ask('POST', '/v1/uploads', json({ fileName: 'f.csv', sizeBytes: 9 }, headers));

  const { upload, parts, completeUrl } = (await (await plan(withKey('a'))).json()) as {
    upload: { id: string };
    parts: { url: string }[];
    completeUrl: string;
  };
  expect(await statusOf(plan(withKey('a')))).toBe(201);
  expect(await statusOf(ask('POST', '/v1/uploads', json({ fileName: 'g', sizeBytes: 9 }, withKey('a'))))).toBe(422);
  await claimKey(api.database, { caller: 'anybody', operation: 'planUpload', key: 'b', id: randomUUID() }, 60);
  expect(await statusOf(plan(withKey('b')))).toBe(409);
  expect(await statusOf(ask('POST', '/v1/uploads', json({ fileName: 'f.csv' })))).toBe(400);
  expect(await statusOf(ask('POST', '/v1/uploads', json({ fileName: 'f.csv', sizeBytes: 2 * MIB })))).toBe(413);
  expect(await statusOf(ask('POST', '/v1/uploads', form()))).toBe(415);

  expect(await statusOf(ask('POST', completeUrl, json({ parts: [] })))).toBe(409);
  expect(await statusOf(ask('POST', completeUrl, json({})))).toBe(400);
  expect(await statusOf(ask('POST', completeUrl, form()))).toBe(415);
  expect(await statusOf(ask('POST', completeUrl, json({ parts: 'x'.repeat(2 * MIB) })))).toBe(413);
  expect(await statusOf(ask('POST', completeUrl.replace(upload.id, UNKNOWN_ID), json({ parts: [] })))).toBe(404);
  const put = await fetch(parts[0]?.url ?? '', { method: 'PUT', body: '123456789' });
  const sent = { parts: [{ partNumber: 1, etag: put.headers.get('etag') }] };
  const partsPath = `/v1/uploads/${upload.id}/parts`;
  expect(await statusOf(ask('GET', partsPath))).toBe(200);
  expect(await statusOf(ask('POST', completeUrl, json(sent)))).toBe(202);

  expect(await statusOf(ask('GET', '/v1/limits'))).toBe(200);
  for (const method of ['GET', 'DELETE']) {
    expect(await statusOf(ask(method, partsPath))).toBe(409);
    expect(await statusOf(ask(method, '/v1/uploads/42/parts'))).toBe(400);
    expect(await statusOf(ask(method, partsPath.replace(upload.id, UNKNOWN_ID)))).toBe(404);
  }
  const other = (await (await plan()).json()) as { upload: { id: string } };
  expect(await statusOf(ask('DELETE', `/v1/uploads/${other.upload.id}/parts`))).toBe(204);
});

test('import profiles are answered as documented', async () => {
  const api = await serveApi();
  const { ask } = await walker(api);
  const path = '/v1/import-profiles/payroll';
  const body = { settings: { delimiter: 'tab' }, header: ['name', 'company', 'email'] };

  expect(await statusOf(ask('GET', path))).toBe(404);
  expect(await statusOf(ask('PUT', path, json(body)))).toBe(200);
  expect(await statusOf(ask('PUT', path, json({})))).toBe(400);
  expect(await statusOf(ask('PUT', path, json({ ...body, settings: { columns: { email: 4 } } })))).toBe(422);
  expect(await statusOf(ask('PUT', path, form()))).toBe(415);
  expect(await statusOf(ask('PUT', path, json('x'.repeat(2 * MIB))))).toBe(413);
  expect(await statusOf(ask('GET', path))).toBe(200);
  expect(await statusOf(ask('GET', '/v1/import-profiles/Payroll'))).toBe(400);
  expect(await statusOf(ask('GET', '/v1/import-profiles'))).toBe(200);
  expect(await statusOf(ask('GET', '/v1/import-profiles?page=0'))).toBe(400);
  expect(await statusOf(ask('DELETE', '/v1/import-profiles/Payroll'))).toBe(400);
  expect(await statusOf(ask('DELETE', path))).toBe(204);
});

test('when the store of import profiles is broken, each of their operations is a 500', async () => {
  const { s3 } = setupClients(services().endpoint);
  s3.middlewareStack.add(() => () => Promise.reject(new TypeError('broken')), { step: 'initialize' });
  const { ask, conformance } = await walker(await serveApi(() => ({ s3 })));

  for (const { method, path, operation } of conformance.operations) {
    if (!path.startsWith('/v1/import-profiles')) continue;
    expect(await statusOf(ask(method.toUpperCase(), samplePath(path), sampleBody(operation))), path).toBe(500);
  }
});

test('employees are answered as documented', async () => {
  const api = await serveApi();
  const { ask } = await walker(api);
  await landedUpload(api);

  for (const path of ['/v1/employees', '/v1/employees.csv']) {
    expect(await statusOf(ask('GET', path))).toBe(200);
    expect(await statusOf(ask('GET', `${path}?searchTerm=ja&sort=-email`))).toBe(200);
    expect(await statusOf(ask('GET', `${path}?sort=age`))).toBe(400);
  }
  expect(await statusOf(ask('GET', '/v1/employees/template.csv'))).toBe(200);
  expect(await statusOf(ask('GET', '/v1/employees/1'))).toBe(200);
  expect(await statusOf(ask('GET', '/v1/employees/2'))).toBe(404);
  expect(await statusOf(ask('GET', '/v1/employees/jane@x.org'))).toBe(400);
});

test('operating and the page are answered as documented', async () => {
  const { ask } = await walker(await serveApi());

  for (const path of [
    '/healthz',
    '/readyz',
    '/metrics',
    '/openapi.json',
    '/asyncapi.json',
    '/docs',
    '/docs/swagger-ui.css',
    '/docs/start.js',
    '/v1/operations',
    '/v1/unreadable-messages',
  ]) {
    expect(await statusOf(ask('GET', path)), path).toBe(200);
  }
  expect(await statusOf(ask('GET', '/docs/..%2Fpackage.json'))).toBe(400);
  expect(await statusOf(ask('GET', '/v1/unreadable-messages?page=0'))).toBe(400);
});

test('notifications are answered as documented', async () => {
  const api = await serveApi();
  const { ask } = await walker(api);
  const data = { link: '/v1/uploads/x' };
  await storeNotifications(api.database, [
    { id: UNKNOWN_ID, type: 'upload.failed', severity: 'alert', time: '2026-11-28T09:30:00.000Z', version: 1, data },
  ]);

  expect(await statusOf(ask('GET', '/v1/notifications?severity=alert&after=0'))).toBe(200);
  expect(await statusOf(ask('GET', '/v1/notifications?severity=bad'))).toBe(400);
  expect(await statusOf(ask('PUT', '/v1/notifications/read-up-to', json({ sequence: 1 })))).toBe(204);
  expect(await statusOf(ask('PUT', '/v1/notifications/read-up-to', json({})))).toBe(400);
  expect(await statusOf(ask('PUT', '/v1/notifications/read-up-to', form()))).toBe(415);
  expect(await statusOf(ask('PUT', '/v1/notifications/read-up-to', json('x'.repeat(2 * MIB))))).toBe(413);
});

test('API keys are answered as documented', async () => {
  const api = await serveApi();
  const { ask } = await walker(api);
  const path = '/v1/api-keys';

  expect(await statusOf(ask('POST', path, json({ name: 'x' })))).toBe(400);
  expect(await statusOf(ask('POST', path, form()))).toBe(415);
  expect(await statusOf(ask('POST', path, json('x'.repeat(2 * MIB))))).toBe(413);
  expect(await statusOf(ask('GET', `${path}?page=0`))).toBe(400);
  expect(await statusOf(ask('DELETE', `${path}/payroll`))).toBe(400);
  expect(await statusOf(ask('DELETE', `${path}/${UNKNOWN_KEY_ID}`))).toBe(404);
  const created = await ask('POST', path, json({ name: 'payroll', scopes: ['operate'] }));
  const { id, key } = (await created.json()) as { id: string; key: string };
  const headers = { authorization: `Bearer ${key}` };
  expect(created.status).toBe(201);
  expect(await statusOf(ask('GET', path, { headers }))).toBe(200);
  expect(await statusOf(ask('DELETE', `${path}/${id}`, { headers }))).toBe(204);
});

test('webhooks are answered as documented', async () => {
  const api = await serveApi();
  const { ask } = await walker(api);
  const path = '/v1/webhooks';
  const { createWebhook } = SAMPLE_BODIES;

  expect(await statusOf(ask('POST', path, json({ url: 'http://localhost/' })))).toBe(400);
  expect(await statusOf(ask('POST', path, form()))).toBe(415);
  expect(await statusOf(ask('POST', path, json('x'.repeat(2 * MIB))))).toBe(413);
  expect(await statusOf(ask('GET', `${path}?page=0`))).toBe(400);
  const created = await ask('POST', path, json(createWebhook));
  const { id } = (await created.json()) as { id: string };
  expect(created.status).toBe(201);
  const window = { now: new Date(), expiresAt: new Date() };
  await planDeliveries(api.database, { id: randomUUID(), type: 'upload.completed', body: '{}' }, window);
  const listed = await ask('GET', `${path}/${id}/deliveries`);
  expect(listed.status).toBe(200);
  const [{ id: deliveryId } = { id: '' }] = ((await listed.json()) as { data: { id: string }[] }).data;
  const replay = `${path}/${id}/deliveries/${deliveryId}/replay`;
  for (const [method, there, status] of [
    ['GET', path, 200],
    ['GET', `${path}/${id}`, 200],
    ['POST', `${path}/${id}/rotate-secret`, 200],
    ['POST', `${path}/${id}/enable`, 200],
    ['POST', replay, 202],
  ] as const) {
    expect(await statusOf(ask(method, there)), there).toBe(status);
    if (there === path) continue;
    expect(await statusOf(ask(method, there.replace(id, UNKNOWN_ID))), there).toBe(404);
    expect(await statusOf(ask(method, there.replace(id, '42'))), there).toBe(400);
  }
  expect(await statusOf(ask('GET', `${path}/${UNKNOWN_ID}/deliveries`))).toBe(404);
  expect(await statusOf(ask('GET', `${path}/${id}/deliveries?page=0`))).toBe(400);
  expect(await statusOf(ask('POST', replay.replace(deliveryId, UNKNOWN_ID)))).toBe(404);
  await api.database.raw("update webhooks set disabled_at = now(), disabled_reason = 'gone'");
  expect(await statusOf(ask('POST', replay))).toBe(409);
  for (const status of [204, 204]) expect(await statusOf(ask('DELETE', `${path}/${id}`))).toBe(status);
  expect(await statusOf(ask('DELETE', `${path}/42`))).toBe(400);
  for (let count = 0; count < 100; count++) await ask('POST', path, json(createWebhook));
  expect(await statusOf(ask('POST', path, json(createWebhook)))).toBe(409);
});

test('backfills are answered as documented', async () => {
  const api = await serveApi(() => ({ backfillPrefix: 'in' }));
  const { ask } = await walker(api);
  const path = '/v1/backfills';
  const { createBackfill } = SAMPLE_BODIES;
  const create = (body: unknown) => statusOf(ask('POST', path, json(body)));

  expect(await create({ prefix: '' })).toBe(400);
  expect(await statusOf(ask('POST', path, form()))).toBe(415);
  expect(await create('x'.repeat(2 * MIB))).toBe(413);
  expect(await create(createBackfill)).toBe(422);
  await putObject(api.s3, { bucket: api.bucket, key: 'incoming/staff.csv', content: 'x' });
  expect(await create(createBackfill)).toBe(202);
  const running = await ask('POST', path, json(createBackfill));
  expect(running.status).toBe(200);
  await ask('PUT', '/v1/import-profiles/payroll', json(SAMPLE_BODIES.storeProfile));
  expect(await create({ ...createBackfill, profile: 'payroll' })).toBe(409);
  const { id } = (await running.json()) as { id: string };
  for (const there of [`${path}/${id}`, `${path}/${id}/files`]) {
    expect(await statusOf(ask('GET', there))).toBe(200);
    expect(await statusOf(ask('GET', there.replace(id, UNKNOWN_ID)))).toBe(404);
    expect(await statusOf(ask('GET', there.replace(id, '42')))).toBe(400);
  }
  expect(await statusOf(ask('GET', path))).toBe(200);
  expect(await statusOf(ask('GET', `${path}?page=0`))).toBe(400);
});

test('what is at no path is a 404, and a method that a path does not take a 405 that names those it takes', async () => {
  const { ask, conformance } = await walker(await serveApi());

  expect(await statusOf(ask('GET', '/v1/nothing'))).toBe(404);
  for (const { method, path } of conformance.operations) {
    const refused = await ask('PATCH', samplePath(path));
    expect(refused.status, path).toBe(405);
    expect(refused.headers.get('allow'), path).toContain(method.toUpperCase());
  }
});

/** The path with something in the place of its parameters. */
function samplePath(path: string): string {
  return path
    .replace('{asset}', 'start.js')
    .replace('{id}', UNKNOWN_ID)
    .replace('{employeeId}', '1')
    .replace('{keyId}', UNKNOWN_KEY_ID)
    .replace(/\{(webhookId|deliveryId|backfillId)\}/g, UNKNOWN_ID)
    .replace('{name}', 'payroll');
}

/** A good JSON body for each operation that takes one. */
const SAMPLE_BODIES: Readonly<Record<string, object>> = {
  createBackfill: { prefix: 'incoming/' },
  createApiKey: { name: 'payroll', scopes: ['read'] },
  createWebhook: { url: 'https://hooks.example.com/x', types: ['upload.completed'] },
  markNotificationsRead: { sequence: 1 },
  planUpload: { fileName: 'f.csv', sizeBytes: 9 },
  completeUpload: { parts: [] },
  storeProfile: { settings: {}, header: ['name', 'company', 'email'] },
};

function sampleBody({ operationId, requestBody }: Operation): RequestInit {
  if (requestBody === undefined) return {};
  return 'multipart/form-data' in requestBody.content ? form() : json(SAMPLE_BODIES[operationId]);
}

/** Sends one good request to each operation. @returns the statuses, by the scopes that the operations need. */
async function sampleAll({
  ask,
  conformance,
}: Awaited<ReturnType<typeof walker>>): Promise<Map<string | undefined, Set<number>>> {
  const statuses = new Map<string | undefined, Set<number>>();
  for (const { method, path, operation } of conformance.operations) {
    const scope = operation.security[0]?.apiKey?.[0];
    const status = await statusOf(ask(method.toUpperCase(), samplePath(path), sampleBody(operation)));
    statuses.set(scope, (statuses.get(scope) ?? new Set()).add(status));
  }
  return statuses;
}

test('without credentials, where there are some, every operation that needs a scope is a 401', async () => {
  const api = await serveApi((fixtures) => ({ access: { ...openAccess(fixtures), openWithoutKeys: false } }));

  const statuses = await sampleAll(await walker(api));

  expect([...statuses.keys()].toSorted()).toEqual(['operate', 'read', 'upload', undefined]);
  for (const scope of ['operate', 'read', 'upload']) expect(statuses.get(scope)).toEqual(new Set([401]));
  expect(statuses.get(undefined)).toEqual(new Set([200]));
});

test('with a key for nothing, every operation that needs a scope is a 403', async () => {
  const api = await serveApi();
  const { id, key, hash } = generateApiKey();
  await addApiKey(api.database, { id, name: 'test', scopes: [], hash });
  const { ask, conformance } = await walker(api);
  const askWithKey: Ask = (method, path, init) =>
    ask(method, path, { ...init, headers: { ...init?.headers, authorization: `Bearer ${key}` } });

  const statuses = await sampleAll({ ask: askWithKey, conformance });

  for (const scope of ['operate', 'read', 'upload']) expect(statuses.get(scope)).toEqual(new Set([403]));
});

test('beyond the rate limit every operation is a 429', async () => {
  const { ask, conformance } = await walker(await serveApi(() => ({ rateLimitPerMinute: 1 })));

  const statuses = await sampleAll({ ask, conformance });

  expect([...statuses.values()].every((values) => values.size === 1 && values.has(429))).toBe(true);
});

test('while Postgres, S3 and SQS are unavailable, every operation that needs one is a 503', async () => {
  const shut: (() => Promise<void>)[] = [];
  const api = await serveApi(async ({ databaseUrl }) => {
    const postgres = await setupProxy(databaseUrl);
    const emulator = await setupProxy(services().endpoint);
    shut.push(postgres.shut, emulator.shut);
    const database = connect({ url: postgres.url, poolMax: 2, onWarning: () => {} });
    onTestFinished(() => database.destroy());
    return { database, ...setupClients(emulator.url) };
  });
  const walking = await walker(api);
  for (const each of shut) await each();

  const statuses = await sampleAll(walking);

  for (const scope of ['operate', 'read', 'upload']) expect(statuses.get(scope)).toEqual(new Set([503]));
  expect(statuses.get(undefined)).toEqual(new Set([200, 503]));
});

test('when something is broken, every operation that needs it is a 500 that tells no more than where to look', async () => {
  const url = await setupEmptyDatabase();
  const database = connect({ url, poolMax: 2, onWarning: () => {} });
  onTestFinished(() => database.destroy());
  // Access is well; it is the tables of everything else that are missing.
  const api = await serveApi((fixtures) => ({ database, access: openAccess(fixtures) }));
  await putObject(api.s3, { bucket: api.bucket, key: 'incoming/staff.csv', content: 'x' });
  const walking = await walker(api);

  const statuses = await sampleAll(walking);
  const refused = await walking.ask('GET', '/v1/uploads');

  expect(statuses.get('read')).toContain(500);
  expect(statuses.get('upload')).toEqual(new Set([500]));
  expect(await refused.json()).toMatchObject({
    code: 'internal',
    detail: 'The error is in the server’s log, under this requestId.',
  });
});

test('a body that stops coming is a 408', async () => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const { ask } = await walker(await serveApi());
  const body = new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from('--b\r\n')) });
  const headers = { 'content-type': 'multipart/form-data; boundary=b' };
  let status: number | undefined;
  void ask('POST', '/v1/employee-data-upload', { body, headers, duplex: 'half' }).then((answer) => {
    status = answer.status;
  });

  await expect
    .poll(() => {
      vi.advanceTimersByTime(30_000);
      return status;
    })
    .toBe(408);
});

/** Documented, since a request that is no HTTP may be meant for any path; it never gets to one. See http/safety.test.ts. */
const REFUSED_BEFORE_THE_ROUTE = 400;
/** Documented, since a bug can be anywhere; here nothing is asked that could be broken. */
const WITHOUT_NEED = [
  'showLimits',
  'showHealth',
  'showReadiness',
  'showMetrics',
  'showSignIn',
  'showOperations',
  'showDocument',
  'showEventsDocument',
  'showDocs',
  'showDocsAsset',
  'downloadTemplate',
];

test('every documented answer of every operation was seen', async () => {
  const { conformance } = await walker(await serveApi());
  const unseen = conformance.operations.flatMap(({ operation }) =>
    Object.keys(operation.responses)
      .map((status) => `${operation.operationId} ${status}`)
      .filter((answer) => !seen.has(answer)),
  );
  const takesNothing = conformance.operations
    .filter(({ operation }) => operation.parameters === undefined && operation.requestBody === undefined)
    .map(({ operation }) => `${operation.operationId} ${REFUSED_BEFORE_THE_ROUTE}`);

  expect(unseen.toSorted()).toEqual([...takesNothing, ...WITHOUT_NEED.map((id) => `${id} 500`)].toSorted());
});
