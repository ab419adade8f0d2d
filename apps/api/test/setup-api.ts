import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect } from '@rowferry/database';
import {
  type Fixtures,
  services,
  setup,
  setupClients,
  setupProxy,
  type TcpProxy,
  watchMultiparts,
} from '@rowferry/testing';
import type { Express } from 'express';
import { onTestFinished } from 'vitest';
import { createApp } from '../src/app.ts';
import { apiSettings } from './api-settings.ts';

export type ApiFixtures = Fixtures & { app: Express; multiparts: ReturnType<typeof watchMultiparts> };

const MIB = 1024 * 1024;

type Given = { maxUploadBytes?: number };

/** The API on a database and a bucket of the test's own. `database` and `s3` are those that the API uses. */
export async function setupApi({ maxUploadBytes = 64 * MIB }: Given = {}): Promise<ApiFixtures> {
  const fixtures = await setup();
  const app = createApp(apiSettings(fixtures, { maxUploadBytes }));
  return { ...fixtures, app, multiparts: watchMultiparts(fixtures.s3) };
}

/**
 * The same, but the API reaches Postgres and S3 through proxies that the test can shut. `database` and `s3` go straight
 * to them, for looking at what is there meanwhile.
 */
export async function setupProxiedApi({
  maxUploadBytes = 64 * MIB,
}: Given = {}): Promise<ApiFixtures & { postgres: TcpProxy; s3Proxy: TcpProxy }> {
  const fixtures = await setup();
  const postgres = await setupProxy(fixtures.databaseUrl);
  const s3Proxy = await setupProxy(services().endpoint);
  const database = connect({ url: postgres.url, poolMax: 4, onWarning: () => {} });
  onTestFinished(() => database.destroy());
  const { s3 } = setupClients(s3Proxy.url);
  const app = createApp(apiSettings(fixtures, { database, s3, maxUploadBytes }));
  return { ...fixtures, app, multiparts: watchMultiparts(s3), postgres, s3Proxy };
}

/** The app on a port of its own, for requests that a well-behaved client does not send. */
export async function listen(app: Express): Promise<{ port: number }> {
  const server = app.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  return { port };
}
