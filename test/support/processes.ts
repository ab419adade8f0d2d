import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

type Process = { pid: number; parent: number; state: string };

function listProcesses(): Process[] {
  const text = execFileSync('ps', ['-e', '-o', 'pid=,ppid=,stat='], { encoding: 'utf8' });
  return text.split('\n').flatMap((line) => {
    const [pid, parent, state] = line.trim().split(/\s+/);
    return pid && parent && state ? [{ pid: Number(pid), parent: Number(parent), state }] : [];
  });
}

/** The process and all that descend from it. */
export function familyOf(pid: number): number[] {
  const processes = listProcesses();
  const family = [pid];
  for (const member of family) {
    family.push(...processes.filter(({ parent }) => parent === member).map((child) => child.pid));
  }
  return family;
}

/** Those that are alive. One that ended and only was not waited for, as the first process of many containers does not, is not. */
export function aliveOf(pids: readonly number[]): number[] {
  const wanted = new Set(pids);
  return listProcesses()
    .filter(({ pid, state }) => wanted.has(pid) && !state.startsWith('Z'))
    .map(({ pid }) => pid);
}

/** kill -9 of those that are still there. */
export function killHard(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

/**
 * The processes whose command line or environment has `text`, and whose command line fits `program`. Of Linux only. A
 * zombie has neither.
 */
export function processesWith(text: string, program = /^/): number[] {
  return readdirSync('/proc').flatMap((name) => {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) return [];
    const commandLine = read(`/proc/${name}/cmdline`).replaceAll('\0', ' ');
    const isOfRun = commandLine.includes(text) || read(`/proc/${name}/environ`).includes(text);
    return isOfRun && program.test(commandLine) ? [pid] : [];
  });
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    // It ended meanwhile.
    return '';
  }
}
