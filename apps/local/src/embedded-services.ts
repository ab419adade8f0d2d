import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { startEmulator, startPostgres } from '@rowferry/embedded';
import { savedFreePort, savedPort, savePort } from './saved-port.ts';

/** Whether Postgres was ever embedded in the data directory. */
export function hasEmbeddedPostgres(dataDir: string): boolean {
  return existsSync(join(postgresDirectory(dataDir), 'PG_VERSION'));
}

/** Postgres and S3/SQS in the data directory, on ports that stay the same from run to run. */
export async function embedPostgres(dataDir: string) {
  const preferredPort = await savedPort(dataDir, 'postgres');
  const location = { dataDir: postgresDirectory(dataDir), port: 0, ...(preferredPort && { preferredPort }) };
  const server = await startPostgres({ ...location, database: 'rowferry' });
  await savePort(dataDir, 'postgres', server.port);
  return server;
}

export async function embedS3AndSqs(dataDir: string) {
  const port = await savedFreePort(dataDir, 's3-sqs');
  const emulator = await startEmulator({ dataDir: join(dataDir, 's3-sqs'), port });
  await savePort(dataDir, 's3-sqs', emulator.port);
  return emulator;
}

function postgresDirectory(dataDir: string): string {
  return join(dataDir, 'postgres');
}
