import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { ENVIRONMENT_FOLLOWS, environmentChanges } from './later-environment.ts';

const CHILD = fileURLToPath(new URL('../test/print-environment.ts', import.meta.url));

/** A process that awaits its environment and then sends the variables beginning with `TEST_`. */
function startChild(environment: NodeJS.ProcessEnv) {
  const child = fork(CHILD, { env: { PATH: process.env.PATH, ...environment }, execArgv: [] });
  onTestFinished(() => void child.kill());
  return child;
}

test('a process that began before all was known gets what was set, changed and removed meanwhile', async () => {
  const before = { TEST_KEPT: 'kept', TEST_CHANGED: 'old', TEST_REMOVED: 'here' };
  const child = startChild({ ...before, ...ENVIRONMENT_FOLLOWS });

  child.send(environmentChanges(before, { TEST_KEPT: 'kept', TEST_CHANGED: 'new', TEST_ADDED: '' }));

  const [environment] = await once(child, 'message');
  expect(environment).toEqual({ TEST_KEPT: 'kept', TEST_CHANGED: 'new', TEST_ADDED: '' });
});

test('any other process begins with what it has', async () => {
  const [environment] = await once(startChild({ TEST_KEPT: 'kept' }), 'message');
  expect(environment).toEqual({ TEST_KEPT: 'kept' });
});
