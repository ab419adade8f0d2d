import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { moduleUrl, processesOf, runScript } from '../test/run-script.ts';
import { temporaryDirectory } from '../test/temporary-directory.ts';

const SECOND = 1000;

/** A process that starts Postgres and the emulator, and stops them when it is told to. */
async function setupParent() {
  const dataDir = join(await temporaryDirectory(0o711), 'data');
  // Not in the command line, by which the processes of the run are found.
  const code = `
    import { startEmulator, startPostgres } from ${JSON.stringify(moduleUrl('index.ts'))};
    const dataDir = Buffer.from(${JSON.stringify(Buffer.from(dataDir).toString('base64'))}, 'base64').toString();
    console.log('starting');
    const running = await Promise.all([
      startPostgres({ dataDir: dataDir + '/postgres', port: 0, database: 'rowferry' }),
      startEmulator({ dataDir: dataDir + '/s3-sqs', port: 0 }),
    ]);
    // Before it says that it runs: the signal ends a process that does not listen for it yet.
    process.on('SIGUSR2', () => {
      for (const server of running) void server.stop();
      console.log('stopping');
    });
    console.log('running');
    setInterval(() => {}, 1000);
  `;
  const parent = runScript(code);
  onTestFinished(() => {
    for (const pid of processesOf(dataDir)) process.kill(pid, 'SIGKILL');
  });
  expect(await parent.nextLine()).toBe('starting');
  return { parent, dataDir };
}

type Parent = Awaited<ReturnType<typeof setupParent>>;

const isIn = (directory: string, name: RegExp) =>
  expect.poll(async () => (await readdir(directory).catch(() => [])).some((entry) => name.test(entry)), {
    timeout: 30 * SECOND,
    interval: 5,
  });

const MOMENTS: Record<string, (run: Parent) => Promise<void>> = {
  'at once': async () => {},
  'while the cluster is made': ({ dataDir }) => isIn(dataDir, /^postgres\.init-/).toBe(true),
  'while Postgres starts': ({ dataDir }) => isIn(join(dataDir, 'postgres'), /^postmaster\.pid$/).toBe(true),
  'while both run': async ({ parent }) => expect(await parent.nextLine()).toBe('running'),
  'while both stop': async ({ parent }) => {
    expect(await parent.nextLine()).toBe('running');
    parent.child.kill('SIGUSR2');
    expect(await parent.nextLine()).toBe('stopping');
  },
};

const cases = Object.keys(MOMENTS).flatMap((moment, index) => {
  const others = ['SIGTERM', 'SIGHUP'] as const;
  return [['SIGKILL', moment] as const, [others[index % 2] ?? 'SIGTERM', moment] as const];
});

test.each(cases)('when the parent ends by %s %s, no process of it is left', async (signal, moment) => {
  const run = await setupParent();
  await MOMENTS[moment]?.(run);
  run.parent.child.kill(signal);
  expect(await run.parent.exited).toBe(signal);
  await expect.poll(() => processesOf(run.dataDir), { timeout: 40 * SECOND, interval: 100 }).toEqual([]);
});
