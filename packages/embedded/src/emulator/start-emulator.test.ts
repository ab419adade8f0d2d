import { writeFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { killHard, setupEmulator } from '../../test/emulator-fixture.ts';
import { isAlive, moduleUrl, runScript } from '../../test/run-script.ts';
import { temporaryDirectory } from '../../test/temporary-directory.ts';
import { EmbeddedError } from '../host/embedded-error.ts';
import { startEmulator } from './start-emulator.ts';

test('a port in use is one clear line that names the port', async () => {
  const { emulator } = await setupEmulator();
  const second = startEmulator({ dataDir: undefined, port: emulator.port });
  await expect(second).rejects.toThrow(
    new EmbeddedError(
      `Port ${emulator.port} for S3 and SQS is in use: stop what listens there, or start again for another one`,
    ),
  );
});

test('a data directory that cannot be used is one clear line', async () => {
  const file = join(await temporaryDirectory(), 'file');
  await writeFile(file, '');
  const start = startEmulator({ dataDir: join(file, 'data'), port: 0 });
  await expect(start).rejects.toThrow(
    /^The data directory .+ can't be used \(.+\): set DATA_DIR to one you can write$/,
  );
});

test('it listens on loopback only', async () => {
  const { emulator } = await setupEmulator();
  const addresses = Object.values(networkInterfaces()).flatMap((entries) => entries ?? []);
  const outside = addresses.find((entry) => entry.family === 'IPv4' && !entry.internal)?.address;
  if (outside === undefined) return;
  await expect(fetch(`http://${outside}:${emulator.port}/health`)).rejects.toThrow();
});

test('it takes no notice of Ctrl-C, and stop ends it and resolves exited with nothing', async () => {
  const { emulator } = await setupEmulator();
  process.kill(emulator.pid, 'SIGINT');
  expect((await fetch(`${emulator.endpoint}/health`)).status).toBe(200);
  await emulator.stop();
  await emulator.stop();
  expect(await emulator.exited).toBeUndefined();
  expect(isAlive(emulator.pid)).toBe(false);
});

test('when it is killed, exited says so', async () => {
  const { emulator } = await setupEmulator();
  await killHard(emulator);
  expect(await emulator.exited).toEqual(new EmbeddedError('S3 and SQS ended unexpectedly (SIGKILL)'));
});

test('it ends when its parent is killed, and the port is free for the next run', async () => {
  const dataDir = await temporaryDirectory();
  const parent = runScript(`
    import { startEmulator } from ${JSON.stringify(moduleUrl('index.ts'))};
    const { port, pid } = await startEmulator({ dataDir: ${JSON.stringify(dataDir)}, port: 0 });
    console.log(JSON.stringify({ port, pid }));
    setInterval(() => {}, 1000);
  `);
  const { port, pid } = JSON.parse(await parent.nextLine());
  onTestFinished(() => {
    if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  });
  parent.child.kill('SIGKILL');
  await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
  await setupEmulator({ dataDir, port });
});
