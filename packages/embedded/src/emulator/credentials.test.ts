import { chmod, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { expect, onTestFinished, test, vi } from 'vitest';
import { setupEmulator } from '../../test/emulator-fixture.ts';
import { temporaryDirectory } from '../../test/temporary-directory.ts';
import { EmbeddedError } from '../host/embedded-error.ts';
import { startEmulator } from '../index.ts';
import { loadCredentials } from './credentials.ts';

test('a data directory has keys of its own, random ones that stay the same from start to start', async () => {
  const dataDir = await temporaryDirectory();
  const first = await setupEmulator({ dataDir });
  await first.emulator.stop();
  const second = await setupEmulator({ dataDir });
  const other = await setupEmulator({ dataDir: await temporaryDirectory() });
  expect(second.emulator.credentials).toEqual(first.emulator.credentials);
  expect(other.emulator.credentials.accessKeyId).not.toBe(first.emulator.credentials.accessKeyId);
  expect(other.emulator.credentials.secretAccessKey).not.toBe(first.emulator.credentials.secretAccessKey);
  expect(first.emulator.credentials.secretAccessKey).toHaveLength(40);
});

test('the file with the keys is one that the AWS tools read', async () => {
  const { emulator } = await setupEmulator({ dataDir: await temporaryDirectory() });
  vi.stubEnv('AWS_SHARED_CREDENTIALS_FILE', emulator.credentialsFile ?? '');
  for (const name of ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_PROFILE']) vi.stubEnv(name, undefined);
  onTestFinished(() => void vi.unstubAllEnvs());
  const sqs = new SQSClient({ endpoint: emulator.endpoint, region: 'us-east-1' });
  onTestFinished(() => sqs.destroy());
  expect(await sqs.send(new ListQueuesCommand())).toMatchObject({ $metadata: { httpStatusCode: 200 } });
});

test('a file with keys that others can read is closed again', async () => {
  const file = join(await temporaryDirectory(), 'aws-credentials');
  const made = loadCredentials(file);
  await chmod(file, 0o644);
  expect(loadCredentials(file)).toEqual(made);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(await readFile(file, 'utf8')).toContain(made.secretAccessKey);
});

test('a file without keys in it is one clear line that names it', async () => {
  const dataDir = await temporaryDirectory();
  const file = join(dataDir, 'aws-credentials');
  await writeFile(file, '[default]\n');
  await expect(startEmulator({ dataDir, port: 0 })).rejects.toThrow(
    new EmbeddedError(`${file} holds no keys: remove it, and the next start makes new ones`),
  );
});

test('keys that are given are the ones it answers to, and no file names them', async () => {
  const credentials = { accessKeyId: 'given', secretAccessKey: 'given-too' };
  // The SDK writes into the object that it is given.
  const emulator = await startEmulator({ dataDir: undefined, port: 0, credentials: { ...credentials } });
  onTestFinished(() => emulator.stop());
  const sqs = new SQSClient({ endpoint: emulator.endpoint, region: 'us-east-1', credentials: { ...credentials } });
  onTestFinished(() => sqs.destroy());
  expect(await sqs.send(new ListQueuesCommand())).toMatchObject({ $metadata: { httpStatusCode: 200 } });
  expect(emulator).toMatchObject({ credentials, credentialsFile: undefined });
});

test('variables of fauxqs in the environment change nothing', async () => {
  const variables = {
    FAUXQS_HOST: 'example.com',
    FAUXQS_PORT: 'x',
    FAUXQS_INIT: '/no/such/file',
    FAUXQS_DATA_DIR: '/no',
  };
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  onTestFinished(() => void vi.unstubAllEnvs());
  const { emulator, sqs } = await setupEmulator();
  expect(await sqs.send(new ListQueuesCommand())).toMatchObject({ $metadata: { httpStatusCode: 200 } });
  expect(emulator.endpoint).toBe(`http://127.0.0.1:${emulator.port}`);
});
