import { once } from 'node:events';
import { connect } from 'node:net';
import { addApiKey, type Database, generateApiKey } from '@rowferry/database';
import { EnvironmentError, readEnvironment } from '@rowferry/runtime';
import { type Fixtures, keysOf, services, setup, setupProxy } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { answerOf, END_OF_BODY, openFilePart, startUpload } from '../test/raw-request.ts';
import { ListenError } from './http/listen.ts';
import { API_OPTIONAL_VARIABLES, API_VARIABLES, type ApiEnvironment, startApi } from './start-api.ts';

function environmentOf(
  { databaseUrl, aws, bucket, rowQueueUrl, segmentQueueUrl }: Fixtures,
  changes: Record<string, string>,
): ApiEnvironment {
  return readEnvironment(API_VARIABLES, API_OPTIONAL_VARIABLES, {
    DATABASE_URL: databaseUrl,
    AWS_REGION: aws.AWS_REGION,
    AWS_ENDPOINT_URL: aws.AWS_ENDPOINT_URL,
    UPLOAD_BUCKET: bucket,
    ROW_QUEUE_URL: rowQueueUrl,
    SEGMENT_QUEUE_URL: segmentQueueUrl,
    PORT: '0',
    ...changes,
  });
}

/** A documentation address (RFC 5737), which no machine has: listening on it fails, so no test opens a door. */
const PUBLIC_HOST = '192.0.2.1';

test.for<Record<string, string>>([
  { HOST: '0.0.0.0' },
  { HOST: '::' },
  { HOST: PUBLIC_HOST },
  { HOST: 'rowferry.example' },
  { TRUSTED_PROXIES: '1' },
])('with %o, without key or issuer, it does not start, and says why in one line', async (changes) => {
  const fixtures = await setup();

  const started = startApi(environmentOf(fixtures, changes), fixtures.log.logger);

  await expect(started).rejects.toThrow(EnvironmentError);
  await expect(started).rejects.toThrow(
    /^(HOST|TRUSTED_PROXIES) is .*, so others can reach the API, and there is no API key; make one with "npm run keys -- create --name <name>", or set OIDC_ISSUER$/,
  );
});

test('on a public address, with a key or an issuer, it gets as far as listening', async () => {
  const fixtures = await setup();
  const { id, hash } = generateApiKey();

  const withIssuer = environmentOf(fixtures, {
    HOST: PUBLIC_HOST,
    OIDC_ISSUER: 'https://login.example',
    OIDC_AUDIENCE: 'rowferry',
  });
  await expect(startApi(withIssuer, fixtures.log.logger)).rejects.toThrow(ListenError);

  await addApiKey(fixtures.database, { id, name: 'test', scopes: ['read'], hash });
  await expect(startApi(environmentOf(fixtures, { HOST: PUBLIC_HOST }), fixtures.log.logger)).rejects.toThrow(
    ListenError,
  );
});

test('an issuer without an audience is a mistake', async () => {
  const fixtures = await setup();

  const started = startApi(environmentOf(fixtures, { OIDC_ISSUER: 'https://login.example' }), fixtures.log.logger);

  await expect(started).rejects.toThrow('OIDC_AUDIENCE is not set, but OIDC_ISSUER is');
});

test('a client with which people sign in, without an issuer, is a mistake', async () => {
  const fixtures = await setup();

  const started = startApi(environmentOf(fixtures, { OIDC_CLIENT_ID: 'console' }), fixtures.log.logger);

  await expect(started).rejects.toThrow('OIDC_ISSUER is not set, but OIDC_CLIENT_ID is');
});

test('a queue for S3 to notify must exist, and must have its dead-letter queue', async () => {
  const fixtures = await setup();
  const { rowQueueUrl, rowDlqUrl } = fixtures;
  const start = (changes: Record<string, string>) => startApi(environmentOf(fixtures, changes), fixtures.log.logger);

  await expect(start({ OBJECT_QUEUE_URL: rowQueueUrl })).rejects.toThrow(
    'OBJECT_QUEUE_URL is set, but OBJECT_DLQ_URL is not: set both, or neither',
  );
  await expect(start({ OBJECT_QUEUE_URL: `${rowQueueUrl}-gone`, OBJECT_DLQ_URL: rowDlqUrl })).rejects.toThrow(
    /^OBJECT_QUEUE_URL names a queue that does not exist;/,
  );
});

test('it serves on a free port and stops', async () => {
  const fixtures = await setup();
  const api = await startApi(environmentOf(fixtures, {}), fixtures.log.logger);
  expect((await fetch(`${api.url}/v1/uploads`)).status).toBe(200);

  await api.close();

  await expect(fetch(`${api.url}/v1/uploads`)).rejects.toThrow();
});

test('a connection that was opened in advance and brought no request does not hold up stopping', async () => {
  const fixtures = await setup();
  const api = await startApi(environmentOf(fixtures, {}), fixtures.log.logger);
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1').on('error', () => {});
  await once(socket, 'connect');
  // Answered after that connection was taken.
  expect((await fetch(`${api.url}/healthz`)).status).toBe(200);

  await api.close();

  await expect.poll(() => socket.closed).toBe(true);
}, 10_000);

const MIB = 1024 * 1024;
const SECOND = 1000;

/** An upload of 34 MiB to an API of its own whose S3 takes connections and never answers, from the beginning or once it has two parts. */
async function sendWhileS3Hangs(when: 'from the beginning' | 'in the middle') {
  const fixtures = await setup();
  const proxy = await setupProxy(services().endpoint);
  const api = await startApi(environmentOf(fixtures, { AWS_ENDPOINT_URL: proxy.url }), fixtures.log.logger);
  const noted = async () =>
    (await fixtures.database.raw('select from uploads where multipart_id is not null')).rows.length;
  if (when === 'from the beginning') proxy.hang();
  const upload = startUpload(Number(new URL(api.url).port));
  upload.write(openFilePart(Buffer.alloc(17 * MIB, 'a')));
  if (when === 'in the middle') {
    await expect.poll(noted).toBe(1);
    proxy.hang();
  }

  const since = performance.now();
  upload.end(Buffer.concat([Buffer.alloc(17 * MIB, 'b'), Buffer.from(END_OF_BODY)]));
  const answer = await answerOf(upload);
  const waited = performance.now() - since;

  const uploads = await statusesIn(fixtures.database);
  await api.close();
  return { ...answer, waited, uploads, objects: await keysOf(fixtures.s3, fixtures.bucket) };
}

async function statusesIn(database: Database): Promise<string[]> {
  const { rows } = await database.raw<{ rows: { status: string }[] }>('select status from upload_status');
  return rows.map(({ status }) => status);
}

test('while S3 hangs an upload is answered within half a minute, and stays only if parts of it are in S3', async () => {
  const answers = await Promise.all([sendWhileS3Hangs('from the beginning'), sendWhileS3Hangs('in the middle')]);

  for (const { status, body, waited, objects } of answers) {
    expect({ status, body, objects }).toMatchObject({
      status: 503,
      body: { code: 'unavailable', detail: 'S3 or SQS cannot be reached at the moment. Try again later.' },
      objects: [],
    });
    expect(waited).toBeLessThan(30 * SECOND);
  }
  expect(answers.map(({ uploads }) => uploads)).toEqual([[], ['failed']]);
});
