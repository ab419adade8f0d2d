import { execFile, spawn } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { findUpload, migrate, startUpload } from '@rowferry/database';
import { freePort } from '@rowferry/embedded';
import { encodeBody, MESSAGE_VERSION, type Message, sourceObjectsOf } from '@rowferry/messages';
import {
  anUpload,
  deliver,
  type Fixtures,
  putObject,
  s3Record,
  setup,
  someFacts,
  sqsEvent,
  takeAll,
} from '@rowferry/testing';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { environmentOf } from './support/plain-process.ts';
import { CA_FILE, OTHER_CA_FILE, setupTlsPostgres } from './support/tls-postgres.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** Calls what a file exports, as Lambda does: in a process of its own, with nothing but that file and the environment. */
const CALLER = `
  const [file, name, event] = process.argv.slice(1);
  const { [name]: handler } = await import(file);
  process.stdout.write(JSON.stringify((await handler(JSON.parse(event))) ?? null) + '\\n', () => process.exit(0));
`;

let directory = '';

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'rowferry-bundle-'));
  await run(process.execPath, ['infra/src/bundle/bundle-main.ts', directory], { cwd: ROOT });
});

afterAll(() => rm(directory, { recursive: true, force: true }));

/** @returns the handler's answer, and the lines that it logged. */
async function call(
  fixtures: Fixtures,
  bundle: 'producer' | 'consumer',
  name: string,
  event: unknown,
  env: NodeJS.ProcessEnv = {},
): Promise<{ answer: unknown; output: string[] }> {
  const file = join(directory, bundle, 'index.mjs');
  const args = ['--input-type=module', '--eval', CALLER, file, name, JSON.stringify(event)];
  const { stdout } = await run(process.execPath, args, { cwd: directory, env: { ...environmentOf(fixtures), ...env } });
  const lines = stdout.trimEnd().split('\n');
  return { answer: JSON.parse(lines.at(-1) ?? ''), output: lines.slice(0, -1) };
}

test('what is bundled for Lambda lands a file, and buries what died, with nothing installed beside it', async () => {
  const fixtures = await setup();
  const { s3, sqs, bucket, rowQueueUrl, database } = fixtures;
  const content = 'name,company,phone,email\nAda,Analytical,0123456789,ada@x.org\nBob,Acme,x,bob@x.org\n';
  const event = { Records: [s3Record(await putObject(s3, { bucket, key: 'uploads/staff.csv', content }))] };

  await call(fixtures, 'producer', 'objectHandler', event);
  const messages = sqsEvent(await takeAll(sqs, rowQueueUrl));
  const answers = [
    await call(fixtures, 'consumer', 'handler', messages),
    // All of them again, as dead letters: what landed stays.
    await call(fixtures, 'consumer', 'deadLetterHandler', messages),
  ];

  expect(answers.map(({ answer }) => answer)).toEqual([{ batchItemFailures: [] }, { batchItemFailures: [] }]);
  const [upload] = sourceObjectsOf(event);
  expect(await findUpload(database, upload?.id ?? '')).toMatchObject({
    status: 'completed_with_errors',
    total_rows: 2,
    inserted: 1,
    rejected: 1,
    dead: 0,
  });
});

test('dead rows are counted in the log of a function, where CloudWatch reads them', async () => {
  const fixtures = await setup();
  const { database, sqs, rowQueueUrl } = fixtures;
  const upload = anUpload();
  await startUpload(database, upload, someFacts());
  const row = { line: 2, employee_name: 'Ada', company_name: 'Acme', mobile_no: '0123456789', email: 'ada@x.org' };
  const message: Message = { v: MESSAGE_VERSION, type: 'rows', uploadId: upload.id, segment: 0, rows: [row] };
  const [delivered] = await deliver(sqs, rowQueueUrl, [encodeBody(message)]);

  const { output } = await call(fixtures, 'consumer', 'deadLetterHandler', sqsEvent(delivered ? [delivered] : []), {
    METRICS_NAMESPACE: 'Rowferry/test',
  });

  expect(output.map((line) => JSON.parse(line))).toContainEqual(
    expect.objectContaining({
      DeadRows: 1,
      _aws: expect.objectContaining({
        CloudWatchMetrics: [{ Namespace: 'Rowferry/test', Dimensions: [[]], Metrics: [{ Name: 'DeadRows' }] }],
      }),
    }),
  );
});

test('a consumer writes to a database that proves who it is, and leaves the messages of another in their queue', async () => {
  const fixtures = await setup();
  const server = await setupTlsPostgres();
  await migrate(server.admin);
  const upload = anUpload();
  await startUpload(server.admin, upload, someFacts());
  const row = { line: 2, employee_name: 'Ada', company_name: 'Acme', mobile_no: '0123456789', email: 'ada@x.org' };
  const message: Message = { v: MESSAGE_VERSION, type: 'rows', uploadId: upload.id, segment: 0, rows: [row] };
  const messages = await deliver(fixtures.sqs, fixtures.rowQueueUrl, [encodeBody(message)]);
  await server.admin.raw(`create role clerk login superuser password 'secret'`);
  const handle = async (DATABASE_CA_FILE: string) => {
    const { answer } = await call(fixtures, 'consumer', 'handler', sqsEvent(messages), {
      DATABASE_URL: '',
      DATABASE_HOST: 'localhost',
      DATABASE_PORT: String(server.port),
      DATABASE_NAME: server.database,
      DATABASE_USER: 'clerk',
      DATABASE_PASSWORD: 'secret',
      DATABASE_CA_FILE,
    });
    const { rows } = await server.admin.raw('select email from employees');
    return { answer, rows };
  };

  expect(await handle(OTHER_CA_FILE)).toEqual({
    answer: { batchItemFailures: messages.map(({ MessageId }) => ({ itemIdentifier: MessageId })) },
    rows: [],
  });
  expect(await handle(CA_FILE)).toEqual({ answer: { batchItemFailures: [] }, rows: [{ email: 'ada@x.org' }] });
});

test('a consumer carries no S3, no readable logs and no database but Postgres; a producer no database', async () => {
  const sourcesOf = async (name: string): Promise<string[]> =>
    JSON.parse(await readFile(join(directory, name, 'index.mjs.map'), 'utf8')).sources;
  const [producer, consumer] = [await sourcesOf('producer'), await sourcesOf('consumer')];

  expect(consumer.filter((path) => /client-s3|pino-pretty|dialects\/(?!postgres|index)/.test(path))).toEqual([]);
  expect(producer.filter((path) => /pino-pretty|node_modules\/(knex|pg)\//.test(path))).toEqual([]);
  expect(producer.some((path) => path.includes('client-s3'))).toBe(true);
  expect(consumer.some((path) => path.includes('dialects/postgres'))).toBe(true);
});

test('what connects to RDS has the CAs of its regions, each region its own', async () => {
  for (const name of ['consumer', 'migration', 'image']) {
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
