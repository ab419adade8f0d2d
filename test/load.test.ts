import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { freePort } from '@rowferry/embedded';
import { expect, test } from 'vitest';
import { newDataDir, npmStart } from './support/npm-start.ts';

const MINUTE = 60 * 1000;
const LOAD = fileURLToPath(new URL('../apps/load/src/load-main.ts', import.meta.url));

function load(...args: string[]): Promise<{ code: number; stdout: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [LOAD, ...args], (error, stdout) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout });
    });
  });
}

test('the load tool sends files, waits until they are imported, and tells how fast and what went wrong', {
  timeout: 3 * MINUTE,
}, async () => {
  const { api } = await npmStart({ DATA_DIR: await newDataDir(), PORT: String(await freePort()) });

  const good = await load(api, '6', '3', '--rows', '20', '--bad', '10%');
  const refused = await load(api, '2', '1', '--rows', '1', '--key', 'nobody');

  expect(good.code).toBe(0);
  expect(good.stdout).toMatch(/^Uploads {5}6 of 6 accepted, 6 imported$/m);
  expect(good.stdout).toMatch(/^Accepted {4}p50 \d+ ms {3}p95 \d+ ms {3}p99 \d+ ms$/m);
  expect(good.stdout).toMatch(/^Imported {4}p50 \d+ ms /m);
  expect(good.stdout).toMatch(/^Errors {6}none$/m);
  const imported = (await (await fetch(`${api}/v1/employees?limit=1`)).json()) as { pagination: { total: number } };
  expect(imported.pagination.total).toBe(6 * 18);
  expect(refused.code).toBe(1);
  expect(refused.stdout).toMatch(/^Errors {6}unauthorized 2$/m);
});
