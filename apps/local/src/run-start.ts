import { rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { acquireRunLock, EmbeddedError, isFreePort } from '@rowferry/embedded';
import {
  checkEnvironment,
  createLogger,
  EnvironmentError,
  type Logger,
  readableLog,
  readEnvironment,
  refuseFaultsInProduction,
  runMain,
  stopOnSignal,
} from '@rowferry/runtime';
import { embedPostgres, embedS3AndSqs } from './embedded-services.ts';
import { Terminal } from './progress/terminal.ts';
import { writePsqlService } from './psql-service.ts';
import { StartError } from './start-error.ts';
import { WorkerProcess } from './worker-process.ts';

/*
 * What is imported above is little, so that Postgres, the emulator and the worker begin to start at once. `serve.ts` imports
 * the rest, which keeps this process busy for half a second, while they do.
 */

/** Longest that stopping waits for what is in flight. */
const STOP_TIMEOUT_MS = 60_000;
/** Each names a server that is there, so that none is embedded. */
const ENDPOINTS = ['AWS_ENDPOINT_URL', 'AWS_ENDPOINT_URL_S3', 'AWS_ENDPOINT_URL_SQS', 'AWS_ENDPOINT_URL_SNS'] as const;
/** For an emulator that is not ours: what the SDK wants and most emulators ignore. */
const EMULATOR_AWS = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'rowferry', AWS_SECRET_ACCESS_KEY: 'rowferry' };

/** `rowferry start`: everything on one machine. What the environment names is used, what it does not name is embedded. */
export function runStart(): void {
  runMain(main, [EnvironmentError, EmbeddedError, StartError]);
}

async function main(): Promise<void> {
  // The C library has read them for this process. They are not for Postgres and the emulator; the worker's command sets its own.
  delete process.env.MALLOC_ARENA_MAX;
  delete process.env.MALLOC_MMAP_THRESHOLD_;
  // Those of the worker too, a process of its own that would end as often as it is started.
  checkEnvironment();
  const { DATA_DIR, LOG_LEVEL, METRICS_PORT, ...faults } = readEnvironment([
    'DATA_DIR',
    'LOG_LEVEL',
    'METRICS_PORT',
    'FAULT_RATE',
    'NODE_ENV',
  ]);
  refuseFaultsInProduction(faults);
  if (METRICS_PORT !== undefined && !(await isFreePort(METRICS_PORT)))
    throw new StartError(`METRICS_PORT ${METRICS_PORT} cannot be listened on; set another, or none`);
  const terminal = process.stdout.isTTY ? new Terminal(process.stdout) : undefined;
  const logger = createLogger('rowferry', LOG_LEVEL, terminal);
  const running = new AsyncDisposableStack();
  const stopping = new AbortController();
  const started = start({ dataDir: resolve(DATA_DIR), logger, terminal, running, stopping: stopping.signal });
  stopOnSignal(logger, STOP_TIMEOUT_MS, async () => {
    stopping.abort();
    // A step that is under way must end first: until then there is nothing that could be stopped.
    await started.catch(() => {});
    await running.disposeAsync();
  });
  try {
    await started;
  } catch (error) {
    if (stopping.signal.aborted) return;
    await running.disposeAsync();
    throw error;
  }
}

type StartSettings = {
  dataDir: string;
  logger: Logger;
  /** Undefined where standard output is none. */
  terminal: Terminal | undefined;
  running: AsyncDisposableStack;
  stopping: AbortSignal;
};

/**
 * Starts the parts: Postgres, the emulator and the worker at the same time, then the API. The worker waits until it is told
 * where the others are. `running` stops them in the reverse order.
 *
 * @throws between two steps when `stopping` is aborted.
 */
async function start({ dataDir, logger, terminal, running, stopping }: StartSettings): Promise<void> {
  const lock = acquireRunLock(dataDir);
  running.defer(() => lock.release());
  const worker = new WorkerProcess(logger, terminal && readableLog(terminal));
  const servers = running.use(new AsyncDisposableStack());
  running.defer(() => worker.stop());
  const onServerEnd = (error: Error | undefined) => error && void endWith(error, running, logger);
  const begun = [
    provideDatabase(dataDir, servers, onServerEnd),
    provideS3AndSqs(dataDir, servers, onServerEnd),
    import('./serve.ts'),
  ] as const;
  // Also where one of them fails: what the others have started by then is known to what stops it.
  await Promise.allSettled(begun);
  const [isOwnDatabase, credentialsFile, serve] = await Promise.all(begun);
  stopping.throwIfAborted();
  await serve.prepare(logger, { isOwnStore: credentialsFile !== undefined });
  await saveDatabaseUrl(dataDir, running);
  const psql = isOwnDatabase ? await providePsql(dataDir, running) : `psql '${urlWithoutPassword()}'`;
  stopping.throwIfAborted();
  worker.run();
  const isDiskOurs = isOwnDatabase || credentialsFile !== undefined;
  const url = await serve.startServing({ dataDir: isDiskOurs ? dataDir : undefined, logger, terminal, running });
  (terminal ?? process.stdout).write(
    greeting(url, dataDir, { psql, credentialsFile, firstUpload: await firstUpload(url) }),
  );
}

/** Called when a server is gone: with why, or with undefined after it was stopped. */
type OnServerEnd = (error: Error | undefined) => void;

/** @returns whether it is embedded. */
async function provideDatabase(
  dataDir: string,
  servers: AsyncDisposableStack,
  onServerEnd: OnServerEnd,
): Promise<boolean> {
  if (readEnvironment([], ['DATABASE_URL']).DATABASE_URL !== undefined) return false;
  const postgres = await embedPostgres(dataDir);
  servers.defer(() => postgres.stop());
  void postgres.exited.then(onServerEnd);
  process.env.DATABASE_URL = postgres.url;
  return true;
}

/** @returns the file with the keys of what is embedded; undefined when nothing is. */
async function provideS3AndSqs(
  dataDir: string,
  servers: AsyncDisposableStack,
  onServerEnd: OnServerEnd,
): Promise<string | undefined> {
  const given = readEnvironment([], ENDPOINTS);
  if (given.AWS_ENDPOINT_URL ?? given.AWS_ENDPOINT_URL_S3 ?? given.AWS_ENDPOINT_URL_SQS ?? given.AWS_ENDPOINT_URL_SNS) {
    useEmulatorDefaults();
    return undefined;
  }
  const emulator = await embedS3AndSqs(dataDir);
  servers.defer(() => emulator.stop());
  void emulator.exited.then(onServerEnd);
  Object.assign(process.env, {
    AWS_REGION: EMULATOR_AWS.AWS_REGION,
    AWS_ACCESS_KEY_ID: emulator.credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: emulator.credentials.secretAccessKey,
    AWS_ENDPOINT_URL: emulator.endpoint,
  });
  // The SDK takes the profile of somebody who works with AWS rather than these keys, and fails where it has expired.
  delete process.env.AWS_PROFILE;
  delete process.env.AWS_SESSION_TOKEN;
  return emulator.credentialsFile;
}

/**
 * Without what is embedded nothing goes on, such as when the disk is full. What was answered is kept, so a new start takes
 * up where this one ended.
 */
async function endWith(error: Error, running: AsyncDisposableStack, logger: Logger): Promise<void> {
  if (running.disposed) return;
  logger.fatal(`${error.message}; stopping`);
  await running.disposeAsync();
  process.exit(1);
}

/** An emulator wants a region and keys, but any will do. Those that are given are left alone; an empty variable gives none. */
function useEmulatorDefaults(): void {
  process.env.AWS_REGION ||= EMULATOR_AWS.AWS_REGION;
  if (process.env.AWS_ACCESS_KEY_ID || process.env.AWS_PROFILE) return;
  Object.assign(process.env, EMULATOR_AWS, { AWS_REGION: process.env.AWS_REGION });
}

/** Where knexfile.ts finds the database of this run, so that `npx knex` works beside it. */
async function saveDatabaseUrl(dataDir: string, running: AsyncDisposableStack): Promise<void> {
  const file = join(dataDir, 'database-url');
  await writeFile(file, readEnvironment(['DATABASE_URL']).DATABASE_URL, { mode: 0o600 });
  running.defer(() => rm(file, { force: true }));
}

/** @returns the command that opens the embedded database. */
async function providePsql(dataDir: string, running: AsyncDisposableStack): Promise<string> {
  const { command, remove } = await writePsqlService(dataDir, readEnvironment(['DATABASE_URL']).DATABASE_URL);
  running.defer(remove);
  return command;
}

/** Without any password: what is printed may be kept in logs. */
function greeting(
  url: string,
  dataDir: string,
  { psql, credentialsFile, firstUpload }: { psql: string; credentialsFile: string | undefined; firstUpload: string },
): string {
  const { AWS_ENDPOINT_URL, UPLOAD_BUCKET } = readEnvironment(['UPLOAD_BUCKET'], ['AWS_ENDPOINT_URL']);
  return `
Rowferry runs. Ctrl-C stops it.

  API         ${url}
  Postgres    ${psql}
  S3 and SQS  ${AWS_ENDPOINT_URL ?? 'as the environment says'}, bucket ${UPLOAD_BUCKET}
${credentialsFile === undefined ? '' : awsCommand(credentialsFile)}  Data        ${dataDir}
  Console     ${url}/
  Docs        ${url}/docs
  Try it      ${firstUpload}

`;
}

const EXAMPLE = fileURLToPath(new URL('../../../examples/employees.csv', import.meta.url));

/** A command that sends a file, whatever directory it is given in. */
async function firstUpload(url: string): Promise<string> {
  const { status } = await fetch(`${url}/v1/uploads?limit=1`);
  const key = status === 401 ? `-H 'Authorization: Bearer <key>' ` : '';
  return `curl ${key}-F employee_data=@'${EXAMPLE}' ${url}/v1/employee-data-upload`;
}

/** The keys stay in their file: what is printed may be kept in logs. */
function awsCommand(credentialsFile: string): string {
  const { AWS_ENDPOINT_URL, AWS_REGION, UPLOAD_BUCKET } = readEnvironment([
    'AWS_ENDPOINT_URL',
    'AWS_REGION',
    'UPLOAD_BUCKET',
  ]);
  const options = `--endpoint-url ${AWS_ENDPOINT_URL} --region ${AWS_REGION}`;
  return `              AWS_SHARED_CREDENTIALS_FILE='${credentialsFile}' aws ${options} s3 ls s3://${UPLOAD_BUCKET}\n`;
}

function urlWithoutPassword(): string {
  return Object.assign(new URL(readEnvironment(['DATABASE_URL']).DATABASE_URL), { password: '' }).href;
}
