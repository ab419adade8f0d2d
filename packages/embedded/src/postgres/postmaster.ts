import { execFileSync } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { EmbeddedError } from '../host/embedded-error.ts';
import type { Account } from './account.ts';
import type { PostgresBinaries } from './binaries.ts';
import { runProgram } from './run-program.ts';
import { startKeptServer } from './server-keeper.ts';

/** What the control functions below need to know about a cluster. */
export type Cluster = {
  readonly dataDir: string;
  readonly logFile: string;
  readonly account: Account;
  readonly binaries: PostgresBinaries;
};

const PID_FILE = 'postmaster.pid';
/** No process has this id: Linux's largest is 4,194,304 (proc(5), pid_max), that of macOS smaller. */
const NO_PROCESS = 4_194_305;

/** Replaying up to `max_wal_size` of log after a crash takes a while on a slow disk. */
const START_TIMEOUT_SECONDS = 300;
const STOP_TIMEOUT_SECONDS = 30;
const EXIT_TIMEOUT_MS = 2000;
const EXIT_PAUSE_MS = 10;
/** The children of a killed server notice its death and leave within a second or so. */
const REMNANT_ATTEMPTS = 40;
const REMNANT_PAUSE_MS = 250;

/** Why a start failed: `port` and `remnants` have a remedy each, so they are kinds of their own. */
type StartFailure = { readonly kind: 'port' | 'remnants' | 'other'; readonly line: string };

export type StartedServer = {
  /** Process id of the postmaster. */
  readonly pid: number;
  /** To be called once the server is stopped. Until then, the end of this process stops it. */
  release(): void;
};

/**
 * Starts the server in a session of its own and waits until it accepts connections.
 * Waits for the remnants of a server that was killed.
 */
export async function startServer(cluster: Cluster): Promise<StartedServer> {
  for (let attempt = 1; ; attempt += 1) {
    const started = await tryStart(cluster);
    if ('pid' in started) return started;
    const failure = started;
    if (failure.kind === 'remnants' && attempt < REMNANT_ATTEMPTS) await delay(REMNANT_PAUSE_MS);
    else if (failure.kind === 'port') throw Object.assign(new Error(failure.line), { code: 'EADDRINUSE' });
    else throw new EmbeddedError(`Postgres did not start: ${failure.line} (see ${cluster.logFile})`);
  }
}

/** Stops the server if it runs: in order, and when that takes too long by force; the next start then recovers. */
export async function stopServer(cluster: Cluster): Promise<void> {
  const pid = runningServer(cluster.dataDir);
  if (pid === undefined) return;
  for (const mode of ['fast', 'immediate']) {
    await pgCtl(cluster, 'stop', '-m', mode, '-t', String(STOP_TIMEOUT_SECONDS));
    if (await isGone(pid, cluster.dataDir)) return;
  }
  throw new EmbeddedError(`Postgres (process ${pid}) does not stop: stop it, then try again`);
}

/** Pause between two checks that the server still runs. It is not our child, so there is no exit event. */
const WATCH_PAUSE_MS = 1000;

/**
 * Resolves when the server is gone: with why, or with undefined when `wasStopped` says that it was to go. Never rejects,
 * and keeps no process alive. A crash from which Postgres recovers by itself is no end: the postmaster stays.
 */
export function watchServer(
  { dataDir, logFile }: Cluster,
  pid: number,
  wasStopped: () => boolean,
): Promise<EmbeddedError | undefined> {
  return new Promise((resolve) => {
    const timer = setInterval(async () => {
      if (runs(pid, dataDir)) return;
      clearInterval(timer);
      if (wasStopped()) return resolve(undefined);
      const reason = await lastFailure(logFile);
      resolve(new EmbeddedError(`Postgres ended unexpectedly${reason ? ` (${reason})` : ''}; see ${logFile}`));
    }, WATCH_PAUSE_MS).unref();
  });
}

/** On Linux a zombie lives on as a process, but without a command line. */
function runs(pid: number, dataDir: string): boolean {
  return isAlive(pid) && (process.platform !== 'linux' || servesDirectory(pid, dataDir));
}

/** Enough of the log's end to hold why the server gave up. */
const LOG_END_BYTES = 8192;

/** Why a server ended by itself: its last error, if it got as far as to say that it is down. One that was killed says nothing. */
async function lastFailure(logFile: string): Promise<string | undefined> {
  try {
    const log = await readFrom(logFile, Math.max(0, statSync(logFile).size - LOG_END_BYTES));
    if (!log.endsWith('database system is shut down\n')) return undefined;
    return log.match(/(?<=(?:FATAL|PANIC): +)(?!the database system is).+/g)?.at(-1);
  } catch {
    return undefined;
  }
}

/** pg_ctl waits until the pid file is gone, which is the last but one thing that the server does. */
async function isGone(pid: number, dataDir: string): Promise<boolean> {
  for (let waited = 0; waited < EXIT_TIMEOUT_MS; waited += EXIT_PAUSE_MS) {
    if (!servesDirectory(pid, dataDir)) return true;
    await delay(EXIT_PAUSE_MS);
  }
  return false;
}

/**
 * Takes a process id that belongs to some other program by now, or to a zombie, out of `postmaster.pid`: Postgres would
 * not start over it. The rest of the file stays, as from that Postgres learns whether a busy child of the server that died
 * still uses its memory, and waits.
 */
export function disownStalePid(dataDir: string): void {
  const pid = recordedPid(dataDir);
  if (pid === undefined || !isAlive(pid) || servesDirectory(pid, dataDir)) return;
  const file = join(dataDir, PID_FILE);
  writeFileSync(file, readFileSync(file, 'utf8').replace(/^\d+/, String(NO_PROCESS)));
}

/**
 * The process id of the server that runs on `dataDir`. That a process with the recorded id lives is not enough: after
 * a reboot or in a new container it can be anything, and `pg_ctl stop` would interrupt it.
 */
function runningServer(dataDir: string): number | undefined {
  const pid = recordedPid(dataDir);
  return pid !== undefined && isAlive(pid) && servesDirectory(pid, dataDir) ? pid : undefined;
}

function recordedPid(dataDir: string): number | undefined {
  try {
    const pid = Number(readFileSync(join(dataDir, PID_FILE), 'utf8').split('\n')[0]);
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function servesDirectory(pid: number, dataDir: string): boolean {
  const command = commandLine(pid);
  return command.includes('postgres') && command.includes(dataDir);
}

function commandLine(pid: number): string {
  try {
    // Not /proc/<pid>/cwd or exe: without CAP_SYS_PTRACE, as in Docker, root may not read another user's.
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
    return execFileSync('ps', ['-ww', '-o', 'command=', '-p', String(pid)], { encoding: 'utf8' });
  } catch {
    return '';
  }
}

async function tryStart(cluster: Cluster): Promise<StartedServer | StartFailure> {
  const { dataDir, logFile, account, binaries } = cluster;
  const before = statSync(logFile).size;
  const timeouts = { startSeconds: START_TIMEOUT_SECONDS, stopSeconds: STOP_TIMEOUT_SECONDS };
  const paths = { pgCtl: binaries.pgCtl, dataDir, logFile };
  const { code, output, release } = await startKeptServer({ account, ...paths, ...timeouts });
  if (code === 0) {
    const pid = runningServer(dataDir);
    if (pid === undefined) throw new EmbeddedError(`Postgres stopped right after its start (see ${logFile})`);
    return { pid, release };
  }
  release();
  const log = await readFrom(cluster.logFile, before);
  if (/pre-existing shared memory block/.test(log)) return { kind: 'remnants', line: 'a killed server lives on' };
  const entry = log.split('\n').find((text) => /(FATAL|PANIC): |could not|invalid|unrecognized/.test(text));
  const line = entry?.replace(/^.*?[A-Z]+: +/, '') ?? output.trim().split('\n').at(-1) ?? '';
  return { kind: /could not bind|Address already in use/.test(log) ? 'port' : 'other', line };
}

function pgCtl(cluster: Cluster, ...args: readonly string[]) {
  return runProgram(cluster.account, cluster.binaries.pgCtl, [...args, '-D', cluster.dataDir, '-w', '-s']);
}

async function readFrom(file: string, position: number): Promise<string> {
  const handle = await open(file);
  try {
    const chunks: string[] = [];
    for await (const chunk of handle.createReadStream({ start: position, encoding: 'utf8', autoClose: false }))
      chunks.push(chunk);
    return chunks.join('');
  } finally {
    await handle.close();
  }
}
