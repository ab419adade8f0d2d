import { expect, test } from 'vitest';
import { runScript } from '../test/run-script.ts';

test('an error that a person can fix is one line, and the process ends with code 1', async () => {
  const { exited } = runScript(
    'runtime.runMain(async () => void runtime.readEnvironment(["AWS_REGION"], [], {}), [runtime.EnvironmentError]);',
  );
  expect(await exited).toMatchObject({ code: 1, stderr: 'rowferry: AWS_REGION is not set\n' });
});

test('an error that nobody expected comes with its stack, and the process ends with code 1', async () => {
  const { exited } = runScript(
    'runtime.runMain(async () => { throw new TypeError("a bug"); }, [runtime.EnvironmentError]);',
  );
  const { code, stderr } = await exited;
  expect(code).toBe(1);
  expect(stderr).toMatch(/^rowferry: TypeError: a bug\n +at /);
});

test('a main function that ends well leaves the process its own code', async () => {
  const { exited } = runScript('runtime.runMain(async () => {}, []);');
  expect(await exited).toMatchObject({ code: 0, stderr: '' });
});
