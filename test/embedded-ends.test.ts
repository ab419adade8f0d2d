import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { newDataDir, npmStart } from './support/npm-start.ts';
import { aliveOf } from './support/processes.ts';

const MINUTE = 60_000;

test(
  'npm start ends with code 1 and says why when its Postgres is gone for good; the next start works',
  async () => {
    const environment = { DATA_DIR: await newDataDir(), PORT: '0' };
    const rowferry = await npmStart(environment);
    const pids = rowferry.pids();
    const [postmaster] = (await readFile(join(environment.DATA_DIR, 'postgres', 'postmaster.pid'), 'utf8')).split('\n');

    process.kill(Number(postmaster), 'SIGKILL');

    const { code, output } = await rowferry.exited;
    expect(code).toBe(1);
    expect(output).toMatch(/Postgres ended unexpectedly; see .+postgres\.log; stopping/);
    await expect.poll(() => aliveOf(pids), { timeout: MINUTE }).toEqual([]);

    const again = await npmStart(environment);
    expect((await fetch(`${again.api}/v1/uploads`)).status).toBe(200);
    expect((await again.interrupt()).code).not.toBe(1);
  },
  3 * MINUTE,
);
