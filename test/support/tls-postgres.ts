import { chmod, chown, copyFile, mkdtemp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { connect, type Database } from '@rowferry/database';
import { startPostgres } from '@rowferry/embedded';
import { temporaryParent } from '@rowferry/testing';
import { onTestFinished } from 'vitest';

const CERTIFICATES = fileURLToPath(new URL('certificates', import.meta.url));

/** The CA that signed the server's certificate, and one that did not. */
export const CA_FILE = join(CERTIFICATES, 'ca.pem');
export const OTHER_CA_FILE = join(CERTIFICATES, 'other-ca.pem');

export type TlsPostgres = {
  port: number;
  database: string;
  /** Connected as the superuser, without TLS. */
  admin: Database;
};

/** A Postgres of its own that speaks TLS as `localhost`, and is no `127.0.0.1`. */
export async function setupTlsPostgres(): Promise<TlsPostgres> {
  const directory = await mkdtemp(join(temporaryParent(), 'rowferry-tls-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  // Others may pass through it: root's Postgres runs as another user.
  await chmod(directory, 0o711);
  const dataDir = join(directory, 'postgres');
  const server = await startPostgres({ dataDir, port: 0, database: 'rowferry', settings: { fsync: 'off' } });
  onTestFinished(async () => void (await server.stop()));
  const admin = connect({ url: server.url, poolMax: 2, onWarning: () => {} });
  onTestFinished(() => admin.destroy());
  const { uid, gid } = await stat(join(dataDir, 'PG_VERSION'));
  for (const name of ['server.pem', 'server.key']) {
    const file = join(dataDir, name);
    await copyFile(join(CERTIFICATES, name), file);
    await chown(file, uid, gid);
    await chmod(file, 0o600);
  }
  for (const [name, value] of Object.entries({ ssl_cert_file: 'server.pem', ssl_key_file: 'server.key', ssl: 'on' }))
    await admin.raw(`alter system set ${name} = '${value}'`);
  await admin.raw('select pg_reload_conf()');
  return { port: server.port, database: 'rowferry', admin };
}
