import { join } from 'node:path';
import { startEmulator, startPostgres } from '@rowferry/embedded';
import { savedPort, savePort } from './saved-port.ts';

/** Postgres and S3/SQS in the data directory, on ports that stay the same from run to run. */
export async function embedPostgres(dataDir: string) {
  const port = await savedPort(dataDir, 'postgres');
  const server = await startPostgres({ dataDir: join(dataDir, 'postgres'), port, database: 'rowferry' });
  await savePort(dataDir, 'postgres', server.port);
  return server;
}

export async function embedS3AndSqs(dataDir: string) {
  const port = await savedPort(dataDir, 's3-sqs');
  const emulator = await startEmulator({ dataDir: join(dataDir, 's3-sqs'), port });
  await savePort(dataDir, 's3-sqs', emulator.port);
  return emulator;
}
