import knex, { type Knex } from 'knex';
import pg, { type Client } from 'pg';
import { Liveness } from './liveness.ts';
import { type MakePassword, serverOf } from './server.ts';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

export type Database = Knex;

export type ConnectionSettings = {
  url: string;
  /** Makes the password of each new connection, where it is not in the URL. */
  password?: MakePassword | undefined;
  /** Connections at most: one or two for a Lambda, more for a process that serves many. */
  poolMax: number;
  /** Longest that one statement may take, in milliseconds. Default: 25 seconds. */
  statementTimeoutMs?: number;
  /**
   * For how long after its last answer a connection counts as good without a probe, in milliseconds. Default: 0, it is probed
   * each time, as it must be in a process that may be frozen in between. Elsewhere, a probe each time is one more round trip
   * for each statement. A connection that was lost meanwhile fails its statement, as one lost later does.
   */
  trustForMs?: number;
  /** Called with knex's warnings: a connection was lost, or could not be validated. */
  onWarning: (message: string) => void;
};

/**
 * The pooled connection of a process: made once, outside the handler, and never destroyed between invocations (a
 * destroyed pool in a reused container is the known "Unable to acquire a connection").
 */
export function connect({
  url,
  password,
  poolMax,
  statementTimeoutMs = 25 * SECOND,
  trustForMs = 0,
  onWarning,
}: ConnectionSettings): Database {
  const liveness = new Liveness(trustForMs);
  const warn = (message: unknown) => onWarning(String(message));
  const database = knex({
    client: 'pg',
    connection: {
      ...serverOf(url, password),
      application_name: 'rowferry',
      // A Lambda that was frozen wakes up to sockets whose peer is gone; without these timeouts its first query hangs
      // until the function's time limit.
      connectionTimeoutMillis: 5 * SECOND,
      // Longer than the server's timeout, so that the server, if there is one, ends the statement.
      query_timeout: statementTimeoutMs + 5 * SECOND,
      keepAlive: true,
      types: bigintAsNumber,
    },
    pool: {
      min: 0,
      max: poolMax,
      acquireTimeoutMillis: 20 * SECOND,
      createTimeoutMillis: 10 * SECOND,
      idleTimeoutMillis: 10 * SECOND,
      maxConnectionLifetimeMillis: 15 * MINUTE,
      maxConnectionLifetimeJitterMillis: MINUTE,
      validate: (client: Client) => liveness.check(client),
      afterCreate: (client: Client, done: (error?: unknown) => void) => {
        liveness.watch(client);
        boundSession(client, statementTimeoutMs).then(() => done(), done);
      },
    },
    // Bindings are personal data, which must not get into messages and from there into logs.
    compileSqlOnError: false,
    log: { warn, error: warn, deprecate: warn, debug: () => {} },
  });
  return database.on('query-error', takeOutSql);
}

/** Longest that a session may sit in the middle of a transaction: that of a redrive, which sends messages in it. */
const IDLE_IN_TRANSACTION_TIMEOUT_MS = MINUTE;
/** The pool closes what is idle long before. */
const IDLE_SESSION_TIMEOUT_MS = 2 * MINUTE;

/**
 * Tells the server what to end by itself. When the network drops a connection silently, the server would keep its session,
 * and every lock of it, until TCP times out: after two hours, on Linux. By statement, because poolers
 * refuse settings that come with the connection (https://www.pgbouncer.org/config.html#ignore_startup_parameters).
 */
async function boundSession(client: Client, statementTimeoutMs: number): Promise<void> {
  try {
    await client.query(`
      set statement_timeout = ${statementTimeoutMs};
      set idle_in_transaction_session_timeout = ${IDLE_IN_TRANSACTION_TIMEOUT_MS};
      set idle_session_timeout = ${IDLE_SESSION_TIMEOUT_MS}`);
  } catch (error) {
    // knex drops a connection whose setup fails, and does not close it.
    client.end().catch(() => {});
    throw error;
  }
}

/** knex puts the whole statement before the message of an error; what is left is what Postgres or pg said. */
function takeOutSql(error: Error, { sql }: { sql: string }): void {
  const prefix = `${sql} - `;
  if (error.message.startsWith(prefix)) error.message = error.message.slice(prefix.length);
}

/** Counts and ids come as numbers: none of them reaches 2^53. */
const bigintAsNumber = {
  getTypeParser(oid: number, format?: string) {
    if (oid === pg.types.builtins.INT8) return Number;
    return pg.types.getTypeParser(oid, format === 'binary' ? 'binary' : 'text');
  },
};
