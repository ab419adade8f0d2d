import { connect } from '@rowferry/database';
import { keysOf, setup } from '@rowferry/testing';
import request, { type Response } from 'supertest';
import { expect, onTestFinished, test } from 'vitest';
import { apiSettings } from '../test/api-settings.ts';
import { answerOf, END_OF_BODY, openFilePart, startUpload } from '../test/raw-request.ts';
import { listen, setupProxiedApi } from '../test/setup-api.ts';
import { createApp } from './app.ts';
import { runMaintenance } from './operations/maintenance.ts';

const CSV = 'employee_name,company_name,mobile_no,email\nJane,Acme,0123456789,jane@x.org\n';
const MIB = 1024 * 1024;

function expectUnavailable(response: Response, service: string): void {
  expect(response.status).toBe(503);
  expect(response.type).toBe('application/problem+json');
  expect(response.body).toMatchObject({
    status: 503,
    code: 'unavailable',
    detail: `${service} cannot be reached at the moment. Try again later.`,
  });
  expect(Number(response.headers['retry-after'])).toBeGreaterThan(0);
}

/** Of all uploads, as the API tells them. */
async function statusesOf(app: Parameters<typeof request>[0]): Promise<string[]> {
  const { body } = await request(app).get('/v1/uploads');
  return body.data.map(({ status }: { status: string }) => status);
}

function send(app: Parameters<typeof request>[0]) {
  return request(app).post('/v1/employee-data-upload').attach('employee_data', Buffer.from(CSV), 'staff.csv');
}

test('while Postgres is unavailable every route answers 503, and when it is back they work again', async () => {
  const { app, postgres, s3, bucket, multiparts } = await setupProxiedApi();
  const sent = await send(app);
  const reads = ['/v1/employees', '/v1/employees?searchTerm=jane', '/v1/uploads', `/v1/uploads/${sent.body.id}`];
  for (const path of reads) expect((await request(app).get(path)).status).toBe(200);

  await postgres.shut();
  for (const path of reads) expectUnavailable(await request(app).get(path), 'Postgres');
  expectUnavailable(await send(app), 'Postgres');

  await postgres.open();
  for (const path of reads) expect((await request(app).get(path)).status).toBe(200);
  expect(await keysOf(s3, bucket)).toHaveLength(1);
  expect(await multiparts.left(s3)).toEqual([]);
  expect((await send(app)).status).toBe(202);
  expect((await request(app).get('/v1/uploads')).body.pagination.total).toBe(2);
});

test('sessions that Postgres ends while their connections count as good cost a 503 at worst', async () => {
  const fixtures = await setup();
  const database = connect({ url: fixtures.databaseUrl, poolMax: 2, trustForMs: 60_000, onWarning: () => {} });
  onTestFinished(() => database.destroy());
  const { port } = await listen(createApp(apiSettings(fixtures, { database })));
  const ask = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
  const endSessions = () =>
    fixtures.database.raw(
      `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    );

  const statuses = new Set<number>();
  for (let round = 0; round < 30; round++) {
    // Of the round before, the pool may still have a connection to hear of.
    await expect.poll(() => ask('/v1/employees'), { timeout: 10_000 }).toBe(200);
    const asked = Array.from({ length: 4 }, () => ask('/v1/employees'));
    await endSessions();
    // Some are under way, and this one comes when the pool may not have heard of it.
    for (const status of await Promise.all([...asked, ask('/v1/employees')])) statuses.add(status);
  }

  expect([...statuses].filter((status) => status !== 200 && status !== 503)).toEqual([]);
  expect(statuses).toContain(200);
});

test('while S3 is unavailable an upload answers 503 and leaves nothing; reads go on; when it is back uploads work', async () => {
  const { app, s3Proxy, s3, bucket, database } = await setupProxiedApi();
  await s3Proxy.shut();

  expectUnavailable(await send(app), 'S3 or SQS');
  expect((await database.raw('select from uploads')).rows).toEqual([]);
  expect((await request(app).get('/v1/employees')).status).toBe(200);

  await s3Proxy.open();
  expect((await send(app)).status).toBe(202);
  expect(await keysOf(s3, bucket)).toHaveLength(1);
});

test('when S3 becomes unavailable in the middle of a file, the answer is 503, and no part is left once S3 is back', async () => {
  const { app, s3Proxy, multiparts, database, s3, bucket, log } = await setupProxiedApi();
  const { port } = await listen(app);
  const upload = startUpload(port);
  upload.write(openFilePart(Buffer.alloc(17 * MIB, 'a')));
  await expect.poll(multiparts.opened).toBe(1);

  await s3Proxy.shut();
  upload.end(Buffer.concat([Buffer.alloc(17 * MIB, 'b'), Buffer.from(END_OF_BODY)]));

  expect(await answerOf(upload)).toMatchObject({ status: 503, body: { code: 'unavailable' } });
  await expect.poll(() => statusesOf(app), { timeout: 10_000 }).toEqual(['failed']);
  expect(await multiparts.left(s3)).toHaveLength(1);

  await database.raw(`update uploads set expires_at = expires_at - interval '2 minutes'`);
  await runMaintenance({ database, s3, logger: log.logger });

  expect(await multiparts.left(s3)).toEqual([]);
  expect(await keysOf(s3, bucket)).toEqual([]);
  expect(await statusesOf(app)).toEqual(['failed']);
});

test('when Postgres becomes unavailable in the middle of a file, the file is kept all the same: it can be read once Postgres is back', async () => {
  const { app, postgres, database, s3, bucket } = await setupProxiedApi();
  const { port } = await listen(app);
  const upload = startUpload(port);
  // An upload is entered once the head of its file was seen.
  upload.write(openFilePart(CSV.repeat(2000)));
  await expect.poll(async () => (await database.raw('select from uploads')).rows.length).toBe(1);

  await postgres.shut();
  upload.end(END_OF_BODY);

  const { status, body } = await answerOf(upload);
  expect(status).toBe(202);
  const { rows } = await database.raw<{ rows: { id: string; object_key: string }[] }>(
    'select id, object_key from uploads',
  );
  expect(body).toMatchObject({ id: rows[0]?.id });
  expect(await keysOf(s3, bucket)).toEqual([rows[0]?.object_key]);
});
