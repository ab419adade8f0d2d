import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type EmulatorCredentials, loadCredentials } from '@rowferry/embedded';
import { temporaryParent } from '@rowferry/testing';
import { expect, onTestFinished } from 'vitest';
import { aliveOf, familyOf, killHard } from './processes.ts';
import { usersEnvironment } from './users-environment.ts';

const SECOND = 1000;
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const START_TIMEOUT_MS = 60 * SECOND;

export type Exit = { code: number | null; signal: NodeJS.Signals | null; output: string };

/** A command that starts everything, however far it has come. */
export type Run = {
  /** Of the command alone. */
  pid: number;
  /** What it printed so far. */
  output(): string;
  exited: Promise<Exit>;
  /** Every process of it, Postgres included. */
  pids(): number[];
  /** SIGTERM to the command alone, as a supervisor sends it. */
  terminate(): Promise<Exit>;
  /** Ctrl-C, as a terminal sends it: to all processes in the foreground. */
  interrupt(): Promise<Exit>;
  /** kill -9 of every process of it, at once. */
  killAll(): Promise<void>;
};

/** One that serves. */
export type Rowferry = Run & {
  api: string;
  databaseUrl: string;
  /** S3 and SQS. */
  endpoint: string;
  /** The keys that they want. */
  credentials: EmulatorCredentials;
  bucket: string;
};

/** A data directory that is not there yet; removed at the end of the test, with whatever still runs in it. */
export async function newDataDir(): Promise<string> {
  const directory = await mkdtemp(join(temporaryParent(), 'rowferry-end-to-end-'));
  // Root's Postgres runs as another user, who must be able to pass.
  await chmod(directory, 0o711);
  const dataDir = join(directory, 'data');
  onTestFinished(async () => {
    killHard(postgresOf(dataDir));
    await expect.poll(() => postgresOf(dataDir)).toEqual([]);
    await rm(directory, { recursive: true, force: true });
  });
  return dataDir;
}

export type Environment = Record<string, string> & { DATA_DIR: string };

type Command = readonly [file: string, ...args: string[]];
const NPM_START: Command = ['npm', 'start'];

const GREETING =
  /API {9}(\S+)\n +Postgres {4}PGSERVICEFILE='(\S+)' psql service=rowferry\n +S3 and SQS {2}(\S+), bucket (\S+)\n/;

/** Runs `npm start`, or another command that does the same, until it greets. @throws what it printed, when it ends instead. */
export async function npmStart(environment: Environment, command = NPM_START): Promise<Rowferry> {
  const run = runNpmStart(environment, command);
  const ended = run.exited.then(({ output }) => Promise.reject(new Error(`${command.join(' ')} ended:\n${output}`)));
  await Promise.race([expect.poll(run.output, { timeout: START_TIMEOUT_MS, interval: 50 }).toMatch(GREETING), ended]);
  ended.catch(() => {});
  const [, api = '', serviceFile = '', endpoint = '', bucket = ''] = GREETING.exec(run.output()) ?? [];
  const databaseUrl = urlOfService(readFileSync(serviceFile, 'utf8'));
  const credentials = loadCredentials(join(environment.DATA_DIR, 's3-sqs', 'aws-credentials'));
  return { ...run, api, databaseUrl, endpoint, credentials, bucket };
}

/** The database that a service file of libpq names. */
function urlOfService(file: string): string {
  const { host, port, dbname, user, password } = Object.fromEntries(
    [...file.matchAll(/^(\w+)=(.*)$/gm)].map(([, name = '', value = '']) => [name, value]),
  );
  return `postgres://${user}:${password}@${host}:${port}/${dbname}`;
}

/** Runs the command in a process group of its own, as a shell does. What is left of it goes with the test. */
export function runNpmStart(environment: Environment, [file, ...args] = NPM_START): Run {
  const child = spawn(file, args, {
    cwd: ROOT,
    detached: true,
    env: { ...usersEnvironment(), ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const pid = pidOf(child);
  let text = '';
  const keep = (chunk: string) => {
    text += chunk;
  };
  child.stdout.setEncoding('utf8').on('data', keep);
  child.stderr.setEncoding('utf8').on('data', keep);
  const exited = new Promise<Exit>((resolve) => {
    child.once('close', (code, signal) => resolve({ code, signal, output: text }));
  });
  const pids = () => [...familyOf(pid), ...postgresOf(environment.DATA_DIR).flatMap(familyOf)];
  onTestFinished(({ task }) => {
    if (child.exitCode === null && child.signalCode === null) killHard(familyOf(pid));
    if (task.result?.state === 'fail') process.stderr.write(`\nnpm start or rowferry start printed:\n${text}\n`);
  });
  return {
    pid,
    output: () => text,
    exited,
    pids,
    terminate() {
      process.kill(pid, 'SIGTERM');
      return exited;
    },
    interrupt() {
      process.kill(-pid, 'SIGINT');
      return exited;
    },
    async killAll() {
      const all = pids();
      killHard(all);
      await expect.poll(() => aliveOf(all), { timeout: 10 * SECOND }).toEqual([]);
    },
  };
}

/** The embedded Postgres, which is no child of anybody: its own note of its pid. */
function postgresOf(dataDir: string): number[] {
  const file = join(dataDir, 'postgres', 'postmaster.pid');
  if (!existsSync(file)) return [];
  const [pid = ''] = readFileSync(file, 'utf8').split('\n');
  return aliveOf([Number(pid)]);
}

function pidOf({ pid }: ChildProcess): number {
  if (pid === undefined) throw new Error('the command could not be started');
  return pid;
}
