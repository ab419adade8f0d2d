import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished } from 'vitest';
import { familyOf, killHard } from './processes.ts';
import { usersEnvironment } from './users-environment.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export type Ended = { code: number | null; stdout: string; stderr: string };
type Options = { cwd?: string; env?: NodeJS.ProcessEnv };

/** Runs `npm …` as a user's shell does, until it ends. */
export function runNpm(args: readonly string[], options: Options = {}): Promise<Ended> {
  return spawnNpm(args, options).ended;
}

/** Runs an npm script that serves until it is stopped: waits for what it says once it does, then stops it with Ctrl-C. */
export async function serveOnce(args: readonly string[], ready: RegExp, options: Options = {}): Promise<Ended> {
  const { child, output, ended } = spawnNpm(args, options);
  const early = ended.then(({ stdout, stderr }) => Promise.reject(new Error(`it ended:\n${stdout}${stderr}`)));
  await Promise.race([expect.poll(output, { timeout: 60_000 }).toMatch(ready), early]);
  early.catch(() => {});
  process.kill(-pidOf(child), 'SIGINT');
  return ended;
}

function spawnNpm(args: readonly string[], { cwd = ROOT, env = {} }: Options) {
  const child = spawn('npm', args, {
    cwd,
    // A process group of its own, as a shell makes one: Ctrl-C reaches all of it.
    detached: true,
    env: { ...usersEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => {
    if (child.exitCode === null && child.signalCode === null) killHard(familyOf(pidOf(child)));
  });
  const said = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const)
    child[name].setEncoding('utf8').on('data', (text: string) => {
      said[name] += text;
    });
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => resolve({ code, ...said }));
  });
  return { child, output: () => said.stdout + said.stderr, ended };
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('npm could not be started');
  return pid;
}
