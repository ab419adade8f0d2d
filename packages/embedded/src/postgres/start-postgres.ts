import { mkdir, realpath, rename, stat } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { EmbeddedError, errorCode } from '../host/embedded-error.ts';
import { freePort, isFreePort, LOOPBACK, portError, requireFreePort } from '../host/free-port.ts';
import { chooseAccount } from './account.ts';
import { findPostgres } from './binaries.ts';
import { createCluster, findCluster, prepareLog, ROLE, readPassword, requireMajor, writeSettings } from './cluster.ts';
import { createDatabase } from './create-database.ts';
import {
  type Cluster,
  disownStalePid,
  type StartedServer,
  startServer,
  stopServer,
  watchServer,
} from './postmaster.ts';

export type PostgresOptions = {
  /** Made when absent. Nobody else may use it meanwhile: hold the run lock of the directory around it. */
  readonly dataDir: string;
  /** TCP port of 127.0.0.1; 0 takes a free one. */
  readonly port: number;
  /** The free one to take if it is free, once what an earlier run left behind is stopped: the port of that run. */
  readonly preferredPort?: number;
  /** Created when absent. */
  readonly database: string;
  /** Postgres settings by name, over {@link DEFAULT_SETTINGS}. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Default: `<dataDir>.log`. */
  readonly logFile?: string;
};

export type PostgresServer = {
  /** Connection URL of `database`, password included. */
  readonly url: string;
  readonly port: number;
  /** Process id of the postmaster. It is not our child. */
  readonly pid: number;
  /** Resolves within seconds when the server is gone: with why, or with undefined after `stop()`. Never rejects. */
  readonly exited: Promise<EmbeddedError | undefined>;
  /** Ends open connections, writes everything to disk and stops the server. May be called twice. */
  stop(): Promise<void>;
};

/**
 * Fit for a laptop: the memory is only taken when used. Durability is Postgres's default (fsync, synchronous_commit):
 * what was answered survives a power cut. 512 MB of log
 * between checkpoints bound what it takes of the disk: with 2 GB, a roster of 650,000 employees left 1.5 GB of log beside
 * 0.6 GB of data. At 200,000 rows the smaller bound cost nothing that could be measured (docs/performance-history.md).
 */
export const DEFAULT_SETTINGS: Readonly<Record<string, string>> = {
  max_connections: '100',
  shared_buffers: '256MB',
  max_wal_size: '512MB',
  random_page_cost: '1.1',
  timezone: 'UTC',
  log_timezone: 'UTC',
  log_line_prefix: '%m [%p] ',
  // Errors of statements quote rows, in their message and their details. They are the client's to log; what remains is
  // what the server says of itself.
  log_min_messages: 'log',
  log_error_verbosity: 'terse',
  log_min_error_statement: 'panic',
  log_statement: 'none',
  log_min_duration_statement: '-1',
};

const LOG_LIMIT_BYTES = 16 * 1024 * 1024;
/** With port 0, somebody else may take the port between our finding it and Postgres opening it. */
const FREE_PORT_ATTEMPTS = 5;

/**
 * Starts Postgres 18 on 127.0.0.1 and waits until it answers. At the first start it makes the cluster.
 *
 * The server is its own session: Ctrl-C does not reach it. It stops when this process ends, however that ends. Should it run
 * on all the same, the next start on the same directory stops it and starts anew.
 *
 * @throws EmbeddedError when the port is taken, the data is of another major version, or Postgres can't run here.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const cluster = await openCluster(options);
  disownStalePid(cluster.dataDir);
  await stopServer(cluster);

  const { port, pid, release } = await startOnPort(cluster, options);
  const password = await readPassword(cluster.dataDir);
  const url = (database: string) =>
    `postgres://${ROLE}:${password}@${LOOPBACK}:${port}/${encodeURIComponent(database)}`;
  try {
    await createDatabase(url('postgres'), options.database);
  } catch (error) {
    await stopServer(cluster);
    release();
    throw new EmbeddedError(
      `Postgres started, but could not create the database ${options.database}: ${String(error)}`,
    );
  }
  let stopping = false;
  return {
    url: url(options.database),
    port,
    pid,
    exited: watchServer(cluster, pid, () => stopping),
    async stop() {
      stopping = true;
      await stopServer(cluster);
      release();
    },
  };
}

async function openCluster(options: PostgresOptions): Promise<Cluster> {
  const binaries = await findPostgres();
  const dataDir = await settle(options.dataDir);
  const logFile = await settle(options.logFile ?? `${options.dataDir}.log`);
  for (const path of [binaries.pgCtl, dataDir, logFile]) requirePlainPath(path);

  const state = await findCluster(dataDir);
  const account = chooseAccount(dataDir, [binaries.postgres, join(dataDir, 'PG_VERSION'), logFile]);
  if (state.kind === 'absent') await createCluster(dataDir, binaries, account);
  else await requireMajor(dataDir, state.major, binaries.postgres, account);
  await rotateLog(logFile);
  await prepareLog(logFile, account);
  return { dataDir, logFile, account, binaries };
}

async function startOnPort(
  cluster: Cluster,
  options: PostgresOptions,
): Promise<StartedServer & { readonly port: number }> {
  for (let attempt = 1; ; attempt += 1) {
    const port = options.port === 0 ? await choosePort(options.preferredPort) : options.port;
    await requireFreePort(port, 'Postgres');
    await writeSettings(cluster.dataDir, cluster.account, {
      ...DEFAULT_SETTINGS,
      ...options.settings,
      listen_addresses: LOOPBACK,
      port: String(port),
      unix_socket_directories: '',
    });
    try {
      return { port, ...(await startServer(cluster)) };
    } catch (error) {
      const retry = options.port === 0 && errorCode(error) === 'EADDRINUSE' && attempt < FREE_PORT_ATTEMPTS;
      if (!retry) throw portError(error, port, 'Postgres');
    }
  }
}

async function choosePort(preferred: number | undefined): Promise<number> {
  return preferred !== undefined && (await isFreePort(preferred)) ? preferred : freePort();
}

/** The absolute path without symbolic links, as Postgres will record it; its directory is made. */
async function settle(path: string): Promise<string> {
  const absolute = resolve(path);
  try {
    await mkdir(dirname(absolute), { recursive: true, mode: 0o711 });
    return join(await realpath(dirname(absolute)), basename(absolute));
  } catch (error) {
    throw new EmbeddedError(
      `${dirname(absolute)} can't be used (${errorCode(error)}): set DATA_DIR to a directory you can write`,
    );
  }
}

/** pg_ctl hands paths to a shell between double quotes, as they are. */
function requirePlainPath(path: string): void {
  if (!/["$`\\\n]/.test(path)) return;
  throw new EmbeddedError(
    `Postgres can't run from a path with " $ \` or \\ in it: ${path}; set DATA_DIR or move the clone`,
  );
}

async function rotateLog(file: string): Promise<void> {
  const size = await stat(file).then(
    (found) => found.size,
    () => 0,
  );
  if (size > LOG_LIMIT_BYTES) await rename(file, `${file}.old`);
}
