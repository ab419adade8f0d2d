import { expect, test, vi } from 'vitest';
import { runScript } from '../test/run-script.ts';

// On a busy machine a process takes seconds to start.
const START_TIMEOUT_MS = 60_000;
vi.setConfig({ testTimeout: 2 * START_TIMEOUT_MS });

/** A process that stops on signals: `stop` is the body of its stop function. */
async function setupStopping(stop: string, timeoutMs = 20_000, env: NodeJS.ProcessEnv = {}) {
  const script = runScript(
    `
    const logger = runtime.createLogger('test', 'info');
    runtime.stopOnSignal(logger, ${timeoutMs}, async () => {
      console.log('stop runs');
      ${stop}
      console.log('stop has run');
    });
    setInterval(() => {}, 1000);
    console.log('up');
  `,
    env,
  );
  await expect.poll(script.stdout, { timeout: START_TIMEOUT_MS }).toContain('up');
  return script;
}

test.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s lets what is in flight end, and then ends the process with code 0',
  async (signal) => {
    const { child, exited } = await setupStopping('await new Promise((resolve) => setTimeout(resolve, 100));');

    child.kill(signal);

    const { code, stdout } = await exited;
    expect(code).toBe(0);
    expect(stdout).toContain('stop has run');
  },
);

test('a reader of the log that is gone does not keep the process from stopping in order', async () => {
  const { child, exited } = await setupStopping(`
    runtime.runMain(async () => {}, []);
    for (let line = 0; line < 10; line++) logger.info('nobody reads this');
    console.error('stopped in order');
  `);
  child.stdout.destroy();

  child.kill('SIGHUP');

  expect(await exited).toMatchObject({ code: 0, stderr: 'stopped in order\n' });
});

test('a process that npm started stops in order when npm is gone', async () => {
  // That of this process's parent: as if the process's own had ended.
  const { exited } = await setupStopping('', 20_000, { ROWFERRY_NPM_PID: String(process.ppid) });

  const { code, stdout } = await exited;

  expect(code).toBe(0);
  expect(stdout).toContain('stop has run');
});

test('the same Ctrl-C twice, as npm hands it on, is one: the process ends in order', async () => {
  const { child, exited } = await setupStopping('await new Promise((resolve) => setTimeout(resolve, 300));');

  child.kill('SIGINT');
  child.kill('SIGINT');
  child.kill('SIGTERM');

  const { code, stdout } = await exited;
  expect(code).toBe(0);
  expect(stdout.match(/stop runs/g)).toHaveLength(1);
  expect(stdout).toContain('stop has run');
});

test('a second signal, given because stopping takes long, ends the process at once with code 1', async () => {
  const { child, stdout, exited } = await setupStopping(`
    setTimeout(() => console.log('stopping takes long'), 600);
    await new Promise(() => {});
  `);
  child.kill('SIGINT');
  await expect.poll(stdout).toContain('stopping takes long');

  child.kill('SIGINT');

  expect((await exited).code).toBe(1);
});

test('what does not end within the time-out is left, with code 1 and a word about it', async () => {
  const { child, exited } = await setupStopping('await new Promise(() => {});', 200);

  child.kill('SIGTERM');

  const { code, stdout } = await exited;
  expect(code).toBe(1);
  expect(stdout).toContain('stopping timed out');
});

test('when stopping fails the process ends with code 1 and says why', async () => {
  const { child, exited } = await setupStopping("throw new Error('the pool is stuck');");

  child.kill('SIGTERM');

  const { code, stdout } = await exited;
  expect(code).toBe(1);
  expect(stdout).toContain('the pool is stuck');
});
