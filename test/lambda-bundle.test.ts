import { execFile, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { freePort } from '@rowferry/embedded';
import { setup } from '@rowferry/testing';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { environmentOf } from './support/plain-process.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('..', import.meta.url));

let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rowferry-bundle-'));
  await run(process.execPath, ['infra/src/bundle/bundle-main.ts', directory], { cwd: ROOT });
});

afterAll(() => rm(directory, { recursive: true, force: true }));

test('a consumer carries no S3, no readable logs and no database but Postgres; a producer no database, nor does what calls webhooks', async () => {
  const sourcesOf = async (name: string): Promise<string[]> =>
    JSON.parse(await readFile(join(directory, name, 'index.mjs.map'), 'utf8')).sources;
  const [producer, consumer] = [await sourcesOf('producer'), await sourcesOf('consumer')];
  const [webhook, sender] = [await sourcesOf('webhook'), await sourcesOf('webhook-sender')];

  expect(consumer.filter((path) => /client-s3|pino-pretty|dialects\/(?!postgres|index)/.test(path))).toEqual([]);
  expect(producer.filter((path) => /pino-pretty|node_modules\/(knex|pg)\//.test(path))).toEqual([]);
  expect(webhook.filter((path) => /client-s3|pino-pretty|dialects\/(?!postgres|index)/.test(path))).toEqual([]);
  expect(sender.filter((path) => /client-s3|pino-pretty|node_modules\/(knex|pg)\//.test(path))).toEqual([]);
  expect(producer.some((path) => path.includes('client-s3'))).toBe(true);
  expect(consumer.some((path) => path.includes('dialects/postgres'))).toBe(true);
});

test('what connects to RDS has the CAs of its regions, each region its own', async () => {
  for (const name of ['consumer', 'migration', 'webhook', 'backfill', 'image']) {
    const files = await readdir(join(directory, name, 'ca'));
    expect(files).toEqual(expect.arrayContaining(['eu-central-1.pem', 'us-east-1.pem', 'ap-southeast-2.pem']));
    for (const file of files) {
      const pems =
        (await readFile(join(directory, name, 'ca', file), 'utf8')).match(/-----BEGIN[\s\S]*?-----END.*/g) ?? [];
      const certificates = pems.map((pem) => new X509Certificate(pem));
      expect(certificates.map(({ subject }) => subject)).toEqual(
        [1, 2, 3].map(() => expect.stringContaining(`CN=Amazon RDS ${file.replace('.pem', '')} Root CA`)),
      );
      for (const { validTo } of certificates) expect(Date.parse(validTo)).toBeGreaterThan(Date.parse('2040-01-01'));
    }
  }
});

test('migrations are beside what runs them, by the names that Postgres has noted', async () => {
  const migrations = (await readdir(join(ROOT, 'migrations'))).filter((name) => name.endsWith('.ts'));
  for (const name of ['migration', 'image'])
    expect(await readdir(join(directory, name, 'migrations'))).toEqual(migrations);
});

test('the image’s files migrate, make a key, and import a file, with nothing installed beside them', async () => {
  const fixtures = await setup();
  const env = { ...environmentOf(fixtures), HOST: '127.0.0.1', PORT: String(await freePort()), NODE_ENV: 'production' };
  const dockerfile = await readFile(join(directory, 'image', 'Dockerfile'), 'utf8');
  const entrypoint: string[] = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(dockerfile)?.[1] ?? '[]');
  const command = (...args: string[]) => {
    const [node = '', ...flags] = entrypoint;
    const child = spawn(node, [...flags, ...args], { env, cwd: join(directory, 'image') });
    onTestFinished(() => void child.kill('SIGKILL'));
    return child;
  };
  const outputOf = async (...args: string[]) => (await text(command(...args).stdout)).trim();

  expect(await outputOf('migrate')).toBe('The schema is up to date.');
  const key = await outputOf('keys', 'create', '--name', 'test');
  expect(key).toMatch(/^rf_/);
  const api = command('api');
  const worker = command('worker');
  const url = `http://127.0.0.1:${env.PORT}`;
  const health = async () =>
    (await run(process.execPath, [join(directory, 'image', 'health.mjs')], { env }).catch(() => undefined)) !==
    undefined;
  await expect.poll(health, { timeout: 30_000 }).toBe(true);
  const ask = async (path: string, init: RequestInit = {}) => {
    const answer = await fetch(url + path, { ...init, headers: { Authorization: `Bearer ${key}` } });
    return { status: answer.status, body: await answer.text() };
  };

  const form = new FormData();
  form.append('employee_data', new Blob(['name,company,phone,email\nAda,Acme,0123456789,ada@x.org\n']), 'staff.csv');
  const { id } = JSON.parse((await ask('/v1/employee-data-upload', { method: 'POST', body: form })).body);
  const statusOf = async () => JSON.parse((await ask(`/v1/uploads/${id}`)).body).status;
  await expect.poll(statusOf, { timeout: 30_000 }).toBe('completed');
  expect(await ask('/docs/swagger-ui.css')).toMatchObject({
    status: 200,
    body: expect.stringContaining('.swagger-ui'),
  });

  const page = await (await fetch(url, { headers: { Accept: 'text/html' } })).text();
  const [, script = ''] = /<script[^>]* src="([^"]+)"/.exec(page) ?? [];
  expect((await fetch(new URL(script, `${url}/`))).headers.get('content-type')).toContain('javascript');

  const ended = [api, worker].map((child) => once(child, 'exit'));
  for (const child of [api, worker]) child.kill('SIGTERM');
  expect(await Promise.all(ended)).toEqual([
    [0, null],
    [0, null],
  ]);
  expect(await health()).toBe(false);
});

test('the image has the Node that the tests run on', async () => {
  expect(await readFile(join(directory, 'image', 'Dockerfile'), 'utf8')).toContain(
    `FROM node:${process.versions.node}-slim\n`,
  );
});
