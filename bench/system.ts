import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type EmulatorCredentials, loadCredentials } from '@rowferry/embedded';
import { commandOf, familyOf, forgetPeak, type Usage, usageOf } from './processes.ts';
import { ROWFERRY } from './rowferry.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What would make `npm start` use something else than what it embeds. */
const NOT_PASSED_ON = /^(DATABASE_URL|AWS_|.*_QUEUE_URL|.*_DLQ_URL|ROWS_PER_MESSAGE|CONSUMER_CONCURRENCY|HOST$)/;

export type Part = 'api' | 'worker' | 'emulator' | 'postgres';
export type Usages = Record<Part, Usage>;

/** Rowferry as `npm start` runs it. */
export type System = {
  apiUrl: string;
  databaseUrl: string;
  /** Of S3 and SQS. */
  endpoint: string;
  /** Its keys. */
  credentials: EmulatorCredentials;
  /** What each part has used since its start. */
  usages(): Usages;
  /** From now on peaks are those of what follows. */
  forgetPeaks(): void;
  stop(): Promise<void>;
};

/** Starts `npm start` on free ports with its data in `dataDir`. @throws when it ends instead of running. */
export async function startSystem(dataDir: string, environment: Record<string, string> = {}): Promise<System> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([name]) => !NOT_PASSED_ON.test(name)));
  const env = { LOG_LEVEL: 'warn', ...inherited, DATA_DIR: dataDir, PORT: '0', ...environment };
  const child = spawn(ROWFERRY, ['start'], {
    cwd: ROOT,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const greeting = await readGreeting(child);
  return {
    apiUrl: find(greeting, /API\s+(\S+)/),
    endpoint: find(greeting, /S3 and SQS\s+([^\s,]+)/),
    credentials: loadCredentials(join(dataDir, 's3-sqs', 'aws-credentials')),
    databaseUrl: readFileSync(join(dataDir, 'database-url'), 'utf8'),
    usages: () => usagesOf(child.pid ?? 0, dataDir),
    forgetPeaks: () => familyOf(child.pid ?? 0).forEach(forgetPeak),
    async stop() {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

/** Everything up to the line that comes last. What it prints afterwards goes on to standard error. */
async function readGreeting(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('npm start has no standard output');
  const lines = createInterface({ input: child.stdout });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let greeting = '';
  lines.on('line', (line) => {
    greeting += `${line}\n`;
    if (/^\s+Data\s/.test(line)) resolve(greeting);
    else if (line.startsWith('{')) process.stderr.write(`${line}\n`);
  });
  child.once('exit', (code) => reject(new Error(`npm start ended with code ${code}:\n${greeting}`)));
  return promise;
}

function find(text: string, pattern: RegExp): string {
  const found = pattern.exec(text)?.[1];
  if (found === undefined) throw new Error(`npm start did not say ${pattern}:\n${text}`);
  return found;
}

/** The process of `npm start` is the API; the others are its children, save Postgres, which is a session of its own. */
function usagesOf(pid: number, dataDir: string): Usages {
  const descendants = familyOf(pid).filter((member) => member !== pid);
  const named = (script: string) => usageOf(descendants.filter((member) => commandOf(member).includes(script)));
  const postmaster = Number(readFileSync(join(dataDir, 'postgres', 'postmaster.pid'), 'utf8').split('\n')[0]);
  return {
    api: usageOf([pid]),
    worker: named('cli/src/main.ts worker'),
    emulator: named('emulator-main.ts'),
    postgres: usageOf(familyOf(postmaster)),
  };
}

/** What was used between two moments; memory is that of the second. */
export function usedBetween(before: Usages, after: Usages): Usages {
  const used = (part: Part): Usage => ({
    cpuSeconds: Number((after[part].cpuSeconds - before[part].cpuSeconds).toFixed(2)),
    peakRssMib: after[part].peakRssMib,
  });
  return { api: used('api'), worker: used('worker'), emulator: used('emulator'), postgres: used('postgres') };
}
