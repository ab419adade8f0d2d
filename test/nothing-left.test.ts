import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { newDataDir, runNpmStart } from './support/npm-start.ts';
import { ROWFERRY } from './support/plain-process.ts';
import { killHard, processesWith } from './support/processes.ts';
import { usersEnvironment } from './support/users-environment.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
/** Postgres writes everything to disk before it ends. */
const END_TIMEOUT = 40 * SECOND;

/** A run of `rowferry start`, or of `npm start`, in a data directory of its own. */
async function setupRun(command: readonly [string, ...string[]]) {
  const dataDir = await newDataDir();
  const run = runNpmStart({ DATA_DIR: dataDir, PORT: '0' }, command);
  onTestFinished(() => killHard(processesWith(dataDir)));
  const said = (text: RegExp) => expect.poll(run.output, { timeout: MINUTE, interval: 10 }).toMatch(text);
  const has = (program: RegExp) =>
    expect.poll(() => processesWith(dataDir, program), { timeout: MINUTE, interval: 10 }).not.toEqual([]);
  return { dataDir, run, said, has };
}

type Running = Awaited<ReturnType<typeof setupRun>>;

const MOMENTS: Record<string, (running: Running) => Promise<unknown>> = {
  'while Postgres starts': ({ dataDir }) =>
    expect
      .poll(() => existsSync(join(dataDir, 'postgres', 'postmaster.pid')), { timeout: MINUTE, interval: 5 })
      .toBe(true),
  'while the emulator starts': ({ has }) => has(/emulator-main/),
  'while the worker starts': ({ has }) => has(/rowferry worker|main\.ts worker/),
  'at the greeting': ({ said }) => said(/Ctrl-C stops it/),
  'while it stops': async ({ said, run }) => {
    await said(/worker started/);
    process.kill(run.pid, 'SIGTERM');
    await said(/stopping/);
  },
};

const SIGNALS = ['SIGHUP', 'SIGTERM', 'SIGKILL'] as const;

// Linux alone tells what an environment is, by which every process of a run is found.
test
  .skipIf(!existsSync('/proc/self/environ'))
  .for(SIGNALS.flatMap((signal) => Object.keys(MOMENTS).map((moment) => ({ signal, moment }))))(
  'when rowferry start gets $signal $moment, no process of it is left',
  { timeout: 3 * MINUTE },
  async (example) => {
    const running = await setupRun([ROWFERRY, 'start']);
    await MOMENTS[example.moment]?.(running);

    process.kill(running.run.pid, example.signal);

    await expect.poll(() => processesWith(running.dataDir), { timeout: END_TIMEOUT, interval: 50 }).toEqual([]);
  },
);

test.skipIf(!existsSync('/proc/self/environ')).for(['SIGHUP', 'SIGKILL'] as const)(
  'when npm, in front of rowferry start, gets %s, no process of it is left',
  { timeout: 3 * MINUTE },
  async (signal) => {
    const { dataDir, run, said } = await setupRun(['npm', 'start']);
    await said(/Ctrl-C stops it/);

    process.kill(run.pid, signal);

    await expect.poll(() => processesWith(dataDir), { timeout: END_TIMEOUT, interval: 50 }).toEqual([]);
  },
);

const hasScript = readdirSync('/usr/bin').includes('script');

test.skipIf(!hasScript || !existsSync('/proc/self/environ'))(
  'when the terminal is closed at the greeting, no process is left, and Postgres was stopped in order',
  { timeout: 3 * MINUTE },
  async () => {
    const dataDir = await newDataDir();
    const env = { ...usersEnvironment(), DATA_DIR: dataDir, PORT: '0' };
    const terminal = spawn('script', ['-qfec', 'npm start', '/dev/null'], { env, detached: true });
    onTestFinished(() => killHard([terminal.pid ?? 0, ...processesWith(dataDir)].filter((pid) => pid > 0)));
    let output = '';
    terminal.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    await expect.poll(() => output, { timeout: MINUTE }).toContain('Ctrl-C stops it');

    // The terminal is gone with the process that holds its other end.
    terminal.kill('SIGKILL');

    await expect.poll(() => processesWith(dataDir), { timeout: END_TIMEOUT, interval: 50 }).toEqual([]);
    expect(existsSync(join(dataDir, 'run.pid'))).toBe(false);
  },
);
