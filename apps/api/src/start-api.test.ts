import { once } from 'node:events';
import { connect } from 'node:net';
import { addApiKey } from '@rowferry/database';
import { EnvironmentError, readEnvironment } from '@rowferry/runtime';
import { type Fixtures, setup } from '@rowferry/testing';
import { expect, test } from 'vitest';
import { generateApiKey } from './access/api-key.ts';
import { ListenError } from './server.ts';
import { API_VARIABLES, type ApiEnvironment, startApi } from './start-api.ts';

function environmentOf(
  { databaseUrl, aws, bucket, rowQueueUrl, segmentQueueUrl }: Fixtures,
  changes: Record<string, string>,
): ApiEnvironment {
  return readEnvironment(API_VARIABLES, [], {
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

test.for(['0.0.0.0', '::', PUBLIC_HOST, 'rowferry.example'])(
  'on %s, without key or issuer, it does not start, and says why in one line',
  async (HOST) => {
    const fixtures = await setup();

    const started = startApi(environmentOf(fixtures, { HOST }), fixtures.log.logger);

    await expect(started).rejects.toThrow(EnvironmentError);
    await expect(started).rejects.toThrow(
      /^HOST is .*, and there is no API key; make one with "npm run keys -- create", or set OIDC_ISSUER$/,
    );
  },
);

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
