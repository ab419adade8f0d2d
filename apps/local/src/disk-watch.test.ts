import { freeDiskBytes } from '@rowferry/runtime';
import { recordLog } from '@rowferry/testing';
import { expect, onTestFinished, test } from 'vitest';
import { watchDisk } from './disk-watch.ts';

const MIB = 1024 * 1024;

test('a disk with less room than the largest file may need is warned of once, and again when there is room', async () => {
  const log = recordLog();
  // What the disk answers, check by check: 1 GiB of reserve and a file of 100 MiB are needed.
  const answers = [1200, 1124, 1123, 900, new Error('busy'), 10, 1124, 1200, 500].map((each) =>
    typeof each === 'number' ? each * MIB : each,
  );
  const asked: string[] = [];
  const stop = watchDisk({
    dataDir: '/data',
    maxUploadBytes: 100 * MIB,
    logger: log.logger,
    checkEveryMs: 1,
    async freeBytes(directory) {
      asked.push(directory);
      const answer = answers.shift();
      if (answer instanceof Error) throw answer;
      return answer ?? 500 * MIB;
    },
  });
  onTestFinished(stop);

  await expect.poll(() => answers).toEqual([]);
  await expect.poll(() => log.entries.length).toBe(3);

  const facts = { dataDir: '/data', neededMiB: 1124 };
  expect(log.entries).toMatchObject([
    { level: 40, msg: 'disk space is low; make room, or set DATA_DIR to a larger disk', freeMiB: 1123, ...facts },
    { level: 30, msg: 'disk space is sufficient again', freeMiB: 1124, ...facts },
    { level: 40, msg: 'disk space is low; make room, or set DATA_DIR to a larger disk', freeMiB: 500, ...facts },
  ]);
  expect(new Set(asked)).toEqual(new Set(['/data']));
});

test('the room of a real disk is known', async () => {
  expect(await freeDiskBytes(import.meta.dirname)).toBeGreaterThan(MIB);
});
