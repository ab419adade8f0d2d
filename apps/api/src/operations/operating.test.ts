import { glob, readFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { SendMessageCommand } from '@aws-sdk/client-sqs';
import { addApiKey, connect, generateApiKey, writeRows } from '@rowferry/database';
import { newUploadId } from '@rowferry/messages';
import { services, setupClients, setupProxy } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { openAccess } from '../../test/api-settings.ts';
import { serveApi } from '../../test/serve-api.ts';
import { KEYS_FRESH_MS } from '../access/key-ring.ts';

async function metricsOf(url: string, headers: Record<string, string> = {}): Promise<Map<string, number>> {
  const response = await fetch(`${url}/metrics`, { headers });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
  const lines = (await response.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
  );
}

test('ready says so, and says which service is unreachable', async () => {
  const postgres = { shut: async () => {}, open: async () => {} };
  const api = await serveApi(async ({ databaseUrl }) => {
    const proxy = await setupProxy(databaseUrl);
    Object.assign(postgres, { shut: proxy.shut, open: proxy.open });
    const database = connect({ url: proxy.url, poolMax: 2, onWarning: () => {} });
    onTestFinished(() => database.destroy());
    return { database };
  });
  const ready = async () => {
    const response = await fetch(`${api.url}/readyz`);
    return { status: response.status, body: (await response.json()) as { errors?: { parameter: string }[] } };
  };
  expect((await ready()).status).toBe(200);

  await postgres.shut();
  await expect.poll(async () => (await ready()).status, { timeout: 10_000 }).toBe(503);
  const { body } = await ready();
  expect(body).toMatchObject({ code: 'not_ready', detail: 'postgres is not reachable.' });
  expect(body.errors?.map(({ parameter }) => parameter)).toEqual(['postgres']);
  expect((await fetch(`${api.url}/healthz`)).status).toBe(200);

  await postgres.open();
  await expect.poll(async () => (await ready()).status, { timeout: 10_000 }).toBe(200);
});

test('without a schema, or with an old one, it is not ready and says how to migrate', async () => {
  const { url, database } = await serveApi();
  const ready = async () => (await fetch(`${url}/readyz`)).json();
  const old = {
    code: 'not_ready',
    detail: 'postgres has no schema, or an old one: run "npm run migrate" or "rowferry migrate".',
    errors: [{ parameter: 'postgres' }],
  };
  await database.raw('alter table knex_migrations rename to applied');
  expect(await ready()).toMatchObject(old);

  await database.raw('alter table applied rename to knex_migrations');
  await expect.poll(ready, { timeout: 10_000 }).toMatchObject({ status: 'ready' });

  await database.raw('delete from knex_migrations where id = (select max(id) from knex_migrations)');
  await expect.poll(ready, { timeout: 10_000 }).toMatchObject(old);
  expect((await fetch(`${url}/healthz`)).status).toBe(200);
});

test('a metric’s name ends in _total where it is a counter, and only there', async () => {
  const { url } = await serveApi();
  const types = [...(await (await fetch(`${url}/metrics`)).text()).matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  expect(types.length).toBeGreaterThan(10);
  for (const [, name = '', type] of types)
    expect(`${name} ${name.endsWith('_total')}`).toBe(`${name} ${type === 'counter'}`);
});

test('health, metrics and the OpenAPI document have the version of the package, and so has every workspace', async () => {
  const { url } = await serveApi();
  const root = new URL('../../../../', import.meta.url);
  const manifests: string[] = [];
  for await (const path of glob(['package.json', '{apps,packages}/*/package.json'], { cwd: root }))
    manifests.push(path);
  expect(manifests.length).toBeGreaterThan(10);
  const versions = await Promise.all(
    manifests.map(async (path) => JSON.parse(await readFile(new URL(path, root), 'utf8')).version),
  );

  expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'alive', version: versions[0] });
  expect(await (await fetch(`${url}/openapi.json`)).json()).toMatchObject({ info: { version: versions[0] } });
  expect((await metricsOf(url)).get(`rowferry_build_info{version="${versions[0]}"}`)).toBe(1);
  expect(new Set(versions).size).toBe(1);
});

test('while Postgres is unavailable metrics report this process and the queues, and that it is unavailable; a key opens them still', async () => {
  let shut = async () => {};
  const api = await serveApi(async ({ databaseUrl }) => {
    const proxy = await setupProxy(databaseUrl);
    shut = proxy.shut;
    const database = connect({ url: proxy.url, poolMax: 2, onWarning: () => {} });
    onTestFinished(() => database.destroy());
    return { database, access: { ...openAccess({ database }), openWithoutKeys: false } };
  });
  const { id, key, hash } = generateApiKey();
  await addApiKey(api.database, { id, name: 'prometheus', scopes: ['operate', 'read'], hash });
  const headers = { authorization: `Bearer ${key}` };
  expect((await fetch(`${api.url}/v1/uploads`, { headers })).status).toBe(200);

  await shut();
  expect((await fetch(`${api.url}/v1/uploads`, { headers })).status).toBe(503);
  const metrics = await metricsOf(api.url, headers);

  expect(metrics.get('rowferry_service_up{service="postgres"}')).toBe(0);
  expect(metrics.get('rowferry_service_up{service="sqs"}')).toBe(1);
  expect(metrics.get('rowferry_queue_messages{queue="rows",state="visible"}')).toBe(0);
  expect(metrics.get('rowferry_http_requests_total{method="GET",route="/v1/uploads",status="503"}')).toBe(1);
  expect(metrics.has('nodejs_eventloop_lag_seconds')).toBe(true);
  expect([...metrics.keys()].filter((name) => /^rowferry_(rows|oldest)/.test(name))).toEqual([]);
  expect((await fetch(`${api.url}/metrics`)).status).toBe(401);
});

test('while Postgres does not answer, metrics do, sooner than Prometheus gives up', async () => {
  const api = await serveApi();
  expect((await fetch(`${api.url}/v1/uploads`)).status).toBe(200);
  await delay(KEYS_FRESH_MS);
  const stuck = await api.database.transaction();
  onTestFinished(async () => {
    await stuck.rollback();
  });
  await stuck.raw('lock table api_keys, uploads, upload_counts in access exclusive mode');
  const start = performance.now();

  const metrics = await metricsOf(api.url);

  expect(performance.now() - start).toBeLessThan(10_000);
  expect(metrics.get('rowferry_service_up{service="postgres"}')).toBe(0);
});

test('ready says when S3 and SQS are unavailable', async () => {
  let shut = async () => {};
  const api = await serveApi(async () => {
    const proxy = await setupProxy(services().endpoint);
    shut = proxy.shut;
    const { s3, sqs } = setupClients(proxy.url);
    return { s3, sqs };
  });

  await shut();

  const response = await fetch(`${api.url}/readyz`);
  expect(await response.json()).toMatchObject({
    code: 'not_ready',
    detail: 's3 is not reachable; sqs is not reachable.',
  });
});

test('ready names the variable of a queue that SQS does not have', async () => {
  const { url } = await serveApi(async ({ rowDlqUrl, rowQueueUrl }) => ({
    objectQueue: { url: `${rowQueueUrl}-gone`, dlqUrl: rowDlqUrl },
  }));

  expect(await (await fetch(`${url}/readyz`)).json()).toMatchObject({
    code: 'not_ready',
    detail: 'sqs has no queue as OBJECT_QUEUE_URL names it.',
  });
});

test('where S3 notifies a queue, metrics tell its depth and that of its dead-letter queue', async () => {
  // Any queues will do: nobody reads them.
  const { url, sqs, segmentDlqUrl } = await serveApi(async ({ rowDlqUrl, segmentDlqUrl }) => ({
    objectQueue: { url: segmentDlqUrl, dlqUrl: rowDlqUrl },
  }));
  for (const MessageBody of ['1', '2'])
    await sqs.send(new SendMessageCommand({ QueueUrl: segmentDlqUrl, MessageBody }));

  const metrics = await metricsOf(url);

  expect(metrics.get('rowferry_queue_messages{queue="objects",state="visible"}')).toBe(2);
  expect(metrics.get('rowferry_queue_messages{queue="objects_dlq",state="visible"}')).toBe(0);
});

test('with an embedded Postgres or S3, metrics tell the room on the disk', async () => {
  const embedded = await serveApi(() => ({ dataDir: import.meta.dirname }));
  expect((await metricsOf(embedded.url)).get('rowferry_disk_free_bytes')).toBeGreaterThan(1);

  const { url } = await serveApi();
  expect((await metricsOf(url)).has('rowferry_disk_free_bytes')).toBe(false);
});

test('metrics tell requests by route and status, rows by outcome, queues and pool', async () => {
  const { url, database, sqs, rowQueueUrl } = await serveApi();
  const uploadId = newUploadId();
  const employee = { employee_name: 'Jane', company_name: 'Acme', mobile_no: '0123456789', email: 'jane@x.org' };
  await writeRows(
    database,
    [{ uploadId, receivedAtMicros: 0, line: 2, attempts: 1, employee }],
    [{ uploadId, line: 3, attempts: 1, raw: 'x', errors: [] }],
  );
  await sqs.send(new SendMessageCommand({ QueueUrl: rowQueueUrl, MessageBody: '{}' }));
  await fetch(`${url}/v1/uploads/${uploadId}`);
  await fetch(`${url}/v1/uploads/${newUploadId()}`);
  await fetch(`${url}/some/path/that/nobody/has`);

  const metrics = await metricsOf(url);

  expect(metrics.get('rowferry_http_requests_total{method="GET",route="/v1/uploads/:id",status="404"}')).toBe(2);
  expect(metrics.get('rowferry_http_requests_total{method="GET",route="none",status="404"}')).toBe(1);
  expect(metrics.get('rowferry_rows{outcome="inserted"}')).toBe(1);
  expect(metrics.get('rowferry_rows{outcome="rejected"}')).toBe(1);
  expect(metrics.get('rowferry_rows{outcome="dead"}')).toBe(0);
  expect(metrics.get('rowferry_queue_messages{queue="rows",state="visible"}')).toBe(1);
  expect(metrics.get('rowferry_queue_messages{queue="segments",state="visible"}')).toBe(0);
  expect(metrics.get('rowferry_service_up{service="postgres"}')).toBe(1);
  expect(metrics.get('rowferry_pool_connections{state="max"}')).toBe(8);
  expect(metrics.get('rowferry_pool_connections{state="waiting"}')).toBe(0);
  expect(metrics.get('rowferry_oldest_upload_age_seconds')).toBe(0);
  expect(metrics.get('rowferry_events_waiting')).toBe(0);
  expect(metrics.has('nodejs_eventloop_lag_seconds')).toBe(true);
});

test('metrics tell the age of the oldest upload that has rows under way', async () => {
  const { url, database } = await serveApi();
  const [id, done] = [newUploadId(), newUploadId()];
  const insert =
    'insert into uploads (id, bucket, object_key, file_name, created_at, received_at, total_rows, read_at) values (?, ?, ?, ?, ?, ?, ?, ?)';
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);
  await database.raw(insert, [id, 'b', 'k1', 'f', minutesAgo(10), minutesAgo(10), null, null]);
  await database.raw(insert, [done, 'b', 'k2', 'f', minutesAgo(50), minutesAgo(50), 0, minutesAgo(50)]);

  const age = (await metricsOf(url)).get('rowferry_oldest_upload_age_seconds') ?? 0;

  expect(age).toBeGreaterThan(599);
  expect(age).toBeLessThan(660);
});
