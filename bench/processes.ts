import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';

export type Usage = {
  /** Of the processes and of all children that they have waited for. */
  cpuSeconds: number;
  /** Of the largest of the processes, since its start; shared memory that it touched is in it. */
  peakRssMib: number;
};

/** Ticks a second in /proc: USER_HZ, 100 on every Linux that Node runs on (proc(5), time(7)). */
const TICKS = 100;
const KIB_PER_MIB = 1024;

/** Whether this system tells what processes use: Linux's /proc. */
export const canMeasure = existsSync('/proc/self/stat');

export function usageOf(pids: readonly number[]): Usage {
  const usages = pids.map(usageOfOne).filter((usage) => usage !== undefined);
  return {
    cpuSeconds: usages.reduce((sum, { cpuSeconds }) => sum + cpuSeconds, 0),
    peakRssMib: Math.round(Math.max(0, ...usages.map(({ peakRssMib }) => peakRssMib))),
  };
}

/** From now on the process's peak is that of what follows (proc_pid_clear_refs(5)). */
export function forgetPeak(pid: number): void {
  writeFileSync(`/proc/${pid}/clear_refs`, '5');
}

/** The process and everything that descends from it. */
export function familyOf(pid: number): number[] {
  const parents = new Map(allPids().map((child) => [child, parentOf(child)] as const));
  const childrenOf = (parent: number): number[] =>
    [...parents].filter(([, of]) => of === parent).map(([child]) => child);
  const family = [pid];
  for (const member of family) family.push(...childrenOf(member));
  return family;
}

export function commandOf(pid: number): string {
  return read(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ') ?? '';
}

function usageOfOne(pid: number): Usage | undefined {
  const fields = statOf(pid);
  const status = read(`/proc/${pid}/status`);
  if (fields === undefined || status === undefined) return undefined;
  // utime, stime, cutime and cstime: fields 14 to 17 of proc_pid_stat(5); `fields` begins with the third.
  const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
  return { cpuSeconds: ticks / TICKS, peakRssMib: Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1] ?? 0) / KIB_PER_MIB };
}

function parentOf(pid: number): number {
  return Number(statOf(pid)?.[1] ?? 0);
}

/** The fields after the command's name, which may itself hold spaces and brackets. */
function statOf(pid: number): string[] | undefined {
  const stat = read(`/proc/${pid}/stat`);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
}

function allPids(): number[] {
  if (!canMeasure) return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

/** A process may end while it is looked at. */
function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
