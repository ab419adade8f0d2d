import { existsSync } from 'node:fs';
import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { moduleUrl, runScript } from '../../test/run-script.ts';
import { temporaryDirectory } from '../../test/temporary-directory.ts';
import { EmbeddedError } from './embedded-error.ts';
import { acquireRunLock } from './run-lock.ts';

const holdLock = (dataDir: string) =>
  runScript(`
    import { acquireRunLock } from ${JSON.stringify(moduleUrl('host/run-lock.ts'))};
    acquireRunLock(${JSON.stringify(dataDir)});
    console.log('held');
    setInterval(() => {}, 1000);
  `);

test('a second run is refused with the process id of its owner, and gets the directory once that one was killed', async () => {
  const dataDir = join(await temporaryDirectory(), 'data');
  const owner = holdLock(dataDir);
  expect(await owner.nextLine()).toBe('held');
  const attempt = () => acquireRunLock(dataDir);
  expect(attempt).toThrow(EmbeddedError);
  expect(attempt).toThrow(
    new RegExp(`^The data directory ${dataDir} is in use by another run \\(process ${owner.child.pid}\\): [^\\n]+$`),
  );

  owner.child.kill('SIGKILL');
  await owner.exited;
  acquireRunLock(dataDir).release();
});

test('the lock holds within one process too, also after a refused attempt, until it is released', async () => {
  const dataDir = await temporaryDirectory();
  const lock = acquireRunLock(dataDir);
  expect(() => acquireRunLock(dataDir)).toThrow(/in use/);
  const other = runScript(`
    import { acquireRunLock } from ${JSON.stringify(moduleUrl('host/run-lock.ts'))};
    try { acquireRunLock(${JSON.stringify(dataDir)}); console.log('taken'); } catch (error) { console.log(error.name); }
  `);
  expect(await other.nextLine()).toBe('EmbeddedError');
  lock.release();
  lock.release();
  acquireRunLock(dataDir).release();
});

test('the lock holds also when its owner keeps nothing of it', async () => {
  const dataDir = await temporaryDirectory();
  const owner = runScript(`
    import { setFlagsFromString } from 'node:v8';
    import { runInNewContext } from 'node:vm';
    import { acquireRunLock } from ${JSON.stringify(moduleUrl('host/run-lock.ts'))};
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc');
    acquireRunLock(${JSON.stringify(dataDir)});
    setImmediate(() => {
      collectGarbage();
      console.log('collected');
    });
    setInterval(() => {}, 1000);
  `);
  expect(await owner.nextLine()).toBe('collected');
  expect(() => acquireRunLock(dataDir)).toThrow(/in use/);
});

test('others may pass through a new data directory, but neither list it nor touch the lock', async () => {
  const dataDir = join(await temporaryDirectory(), 'deep', 'data');
  const lock = acquireRunLock(dataDir);
  expect((await stat(dataDir)).mode & 0o777).toBe(0o711);
  expect((await stat(join(dataDir, 'run.lock'))).mode & 0o777).toBe(0o600);
  lock.release();
});

test('a directory that cannot be made is one clear line', async () => {
  const file = join(await temporaryDirectory(), 'file');
  await writeFile(file, '');
  expect(() => acquireRunLock(join(file, 'data'))).toThrow(
    /^The data directory .+ can't be used \(ENOTDIR\): set DATA_DIR [^\n]+$/,
  );
});

test.skipIf(!existsSync('/proc/self'))('so is one in a file system that takes none, as /proc', () => {
  expect(() => acquireRunLock('/proc/rowferry/data')).toThrow(
    /^The data directory \/proc\/rowferry\/data can't be used \(ENOENT\): set DATA_DIR [^\n]+$/,
  );
});
