import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { EmbeddedError } from '../host/embedded-error.ts';
import { LOOPBACK } from '../host/free-port.ts';
import { CREDENTIALS_FILE, type EmulatorCredentials } from './credentials.ts';
import type { EmulatorReport } from './emulator-main.ts';

export type EmulatorOptions = {
  /** Where queues and objects are kept; made when absent. Undefined: for this run only, in a temporary directory. */
  readonly dataDir: string | undefined;
  /** TCP port of 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** The keys to answer to. Default: those of the data directory, random ones that the first start makes. */
  readonly credentials?: EmulatorCredentials;
};

export type Emulator = {
  /** For `AWS_ENDPOINT_URL`; S3 clients need path-style addressing (`forcePathStyle`). */
  readonly endpoint: string;
  readonly port: number;
  readonly pid: number;
  /** The keys that every request has to be signed with. */
  readonly credentials: EmulatorCredentials;
  /** Where the keys are written for `aws` and the SDKs (AWS_SHARED_CREDENTIALS_FILE); undefined when they were given. */
  readonly credentialsFile: string | undefined;
  /** Resolves when the process is gone: with why, or with undefined after `stop()`. Never rejects. */
  readonly exited: Promise<EmbeddedError | undefined>;
  /** Breaks off open requests and long polls and ends the process. May be called twice. */
  stop(): Promise<void>;
};

const STOP_TIMEOUT_MS = 5000;
/**
 * For a heap of 17 MiB through which buffers of some hundred MiB pass. V8 counts these as heap that grows, and marked all of it 35
 * times while messages of 600,000 rows passed; so it marks it twice. A small young generation (`--max-semi-space-size=2`) would
 * take 20 MiB less, and five times as many scavenges.
 */
const HEAP = ['--initial-old-space-size=128'];
/** Of the child's stderr, enough for a stack trace. */
const STDERR_BYTES = 8192;

/**
 * Starts S3 and SQS (fauxqs) in a process of their own on 127.0.0.1, and waits until they answer.
 *
 * It answers only what is signed with its keys (see `addGuard`). What was answered survives kill -9, and a power cut too, save that
 * messages were received or deleted (see `QueueJournal`). The process ends by itself when this one dies, and ignores Ctrl-C.
 *
 * @throws EmbeddedError when the port is taken or the data directory can't be written.
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const temporary = options.dataDir === undefined ? mkdtempSync(join(tmpdir(), 'rowferry-s3-sqs-')) : undefined;
  const dataDir = temporary ?? resolve(options.dataDir ?? '');
  const durability = temporary === undefined ? 'durable' : 'ephemeral';
  const child = fork(
    fileURLToPath(new URL('emulator-main.ts', import.meta.url)),
    [dataDir, String(options.port), durability],
    {
      // The parent's debugger port and test loader must not reach the child.
      execArgv: HEAP,
      env: childEnvironment(options.credentials),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      // A process group of its own, out of the reach of Ctrl-C from its first moment.
      detached: true,
    },
  );
  let stopping = false;
  const exited = watchExit(child, () => stopping).finally(() => {
    if (temporary !== undefined) rmSync(temporary, { recursive: true, force: true });
  });

  const report = await Promise.race([
    firstReport(child),
    exited.then((error) => error ?? new EmbeddedError('S3 and SQS ended')),
  ]);
  if (report instanceof EmbeddedError) throw report;
  if ('failure' in report) {
    await exited;
    throw new EmbeddedError(report.failure, { cause: report.stack });
  }
  // Neither the process nor its channel keeps the parent alive.
  child.unref();
  child.channel?.unref();
  return {
    endpoint: `http://${LOOPBACK}:${report.port}`,
    port: report.port,
    pid: child.pid ?? -1,
    credentials: report.credentials,
    credentialsFile: options.credentials === undefined ? join(dataDir, CREDENTIALS_FILE) : undefined,
    exited,
    async stop() {
      stopping = true;
      if (child.connected) child.disconnect();
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(timer);
    },
  };
}

/** Without the variables that steer fauxqs: what it runs on is said here alone. */
function childEnvironment(credentials: EmulatorCredentials | undefined): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !name.startsWith('FAUXQS_'));
  return {
    ...Object.fromEntries(kept),
    EMULATOR_ACCESS_KEY_ID: credentials?.accessKeyId,
    EMULATOR_SECRET_ACCESS_KEY: credentials?.secretAccessKey,
  };
}

function firstReport(child: ChildProcess): Promise<EmulatorReport> {
  return new Promise((resolve) => {
    child.once('message', (message: EmulatorReport) => resolve(message));
  });
}

function watchExit(child: ChildProcess, wasStopped: () => boolean): Promise<EmbeddedError | undefined> {
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr = (stderr + text).slice(-STDERR_BYTES);
  });
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(new EmbeddedError(`S3 and SQS could not be started: ${error.message}`)));
    child.once('exit', (code, signal) => {
      if (wasStopped()) resolve(undefined);
      else
        resolve(
          new EmbeddedError(`S3 and SQS ended unexpectedly (${reasonIn(stderr) ?? signal ?? `exit code ${code}`})`),
        );
    });
  });
}

/** The error that ended a process, as Node prints it over its stack: `Error: ENOSPC: no space left on device, write`. */
function reasonIn(stderr: string): string | undefined {
  return /^(?:[A-Z]\w*)?Error(?: \[\w+\])?: (.+)$/m.exec(stderr)?.[1];
}
