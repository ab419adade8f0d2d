import { expect, test } from 'vitest';
import { runScript } from '../test/run-script.ts';

/** A process that stops on signals: `stop` is the body of its stop function. */
async function setupStopping(stop: string, timeoutMs = 20_000) {
  const script = runScript(`
    const logger = runtime.createLogger('test', 'info');
    runtime.stopOnSignal(logger, ${timeoutMs}, async () => {
      console.log('stop runs');
      ${stop}
      console.log('stop has run');
    });
    setInterval(() => {}, 1000);
    console.log('up');
  `);
  await expect.poll(script.stdout).toContain('up');
  return script;
}

test.for(['SIGINT', 'SIGTERM'] as const)(
  '%s lets what is in flight end, and then ends the process with code 0',
  async (signal) => {
    const { child, exited } = await setupStopping('await new Promise((resolve) => setTimeout(resolve, 100));');

    child.kill(signal);

    const { code, stdout } = await exited;
    expect(code).toBe(0);
    expect(stdout).toContain('stop has run');
  },
);

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
