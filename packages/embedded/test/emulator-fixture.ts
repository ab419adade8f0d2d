import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { onTestFinished, vi } from 'vitest';
import { type Emulator, type EmulatorCredentials, startEmulator } from '../src/index.ts';

// A test starts up to three processes, and on a busy machine each can take seconds.
vi.setConfig({ testTimeout: 60_000 });

export type Clients = { readonly s3: S3Client; readonly sqs: SQSClient };

/** AWS clients for an emulator, closed at the end of the test. */
export function clientsOf(
  { endpoint, credentials }: { endpoint: string; credentials: EmulatorCredentials },
  region = 'eu-central-1',
): Clients {
  const options = { endpoint, region, credentials, maxAttempts: 1 };
  const s3 = new S3Client({ ...options, forcePathStyle: true });
  const sqs = new SQSClient(options);
  onTestFinished(() => {
    s3.destroy();
    sqs.destroy();
  });
  return { s3, sqs };
}

/** An emulator, stopped at the end of the test. */
export async function setupEmulator(options: { dataDir?: string; port?: number; region?: string } = {}) {
  const emulator = await startEmulator({ dataDir: options.dataDir, port: options.port ?? 0 });
  onTestFinished(() => emulator.stop());
  return { emulator, ...clientsOf(emulator, options.region) };
}

export async function killHard(emulator: Emulator): Promise<void> {
  process.kill(emulator.pid, 'SIGKILL');
  await emulator.exited;
}
