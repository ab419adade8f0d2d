import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createInterface } from 'node:readline';
import { onTestFinished, vi } from 'vitest';

// On a busy machine a process can take seconds to start.
vi.setConfig({ testTimeout: 60_000 });

export type Script = {
  readonly child: ChildProcess;
  /** The next line that it prints. */
  nextLine(): Promise<string>;
  readonly exited: Promise<NodeJS.Signals | number | null>;
};

export type ScriptOptions = { readonly uid?: number; readonly gid?: number; readonly detached?: boolean };

/** Runs `code` as a module of its own, in a process that is killed at the end of the test. */
export function runScript(code: string, options: ScriptOptions = {}): Script {
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', code], {
    ...options,
    cwd: '/',
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  return {
    child,
    async nextLine() {
      const { value, done } = await lines.next();
      if (done) throw new Error('the script ended without the line that was waited for');
      return value;
    },
    exited: new Promise((resolve) => child.once('exit', (code, signal) => resolve(signal ?? code))),
  };
}

/** The URL of a module of this package, for an import in a script. */
export const moduleUrl = (path: string) => new URL(`../src/${path}`, import.meta.url).href;

/** Ids of the processes whose command line names `dataDir` and `program`; zombies have none. */
export function processesOf(dataDir: string, program = ''): number[] {
  const { stdout } = spawnSync('ps', ['-ww', '-eo', 'pid=,args='], { encoding: 'utf8' });
  const lines = stdout.split('\n').filter((line) => line.includes(dataDir) && line.includes(program));
  return lines.map((line) => Number.parseInt(line, 10)).filter((pid) => pid !== process.pid);
}

/** A process that ended but was not waited for, as the first process of many containers does not, is not alive. */
export function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.startsWith('Z');
}
