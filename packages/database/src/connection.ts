import knex, { type Knex } from 'knex';
import pg, { type Client } from 'pg';

const SECOND = 1000;
const MINUTE = 60 * SECOND;

export type Database = Knex;

export type ConnectionSettings = {
  url: string;
  /** Connections at most: one or two for a Lambda, more for a process that serves many. */
  poolMax: number;
  /** Told of what knex has to say: a connection lost, a pool that could not validate one. */
  onWarning: (message: string) => void;
};

/**
 * The pooled connection of a process: made once, outside the handler, and never destroyed between invocations (a
 * destroyed pool in a reused container is the known "Unable to acquire a connection").
 */
export function connect({ url, poolMax, onWarning }: ConnectionSettings): Database {
  const warn = (message: unknown) => onWarning(String(message));
  const database = knex({
    client: 'pg',
    connection: {
      connectionString: url,
      application_name: 'rowferry',
      // A Lambda that was frozen wakes up to sockets whose peer is gone; without these bounds its first query hangs
      // until the function's time limit.
      connectionTimeoutMillis: 5 * SECOND,
      query_timeout: 30 * SECOND,
      keepAlive: true,
      types: bigintAsNumber,
    },
    pool: {
      min: 0,
      max: poolMax,
      acquireTimeoutMillis: 20 * SECOND,
      idleTimeoutMillis: 10 * SECOND,
      maxConnectionLifetimeMillis: 15 * MINUTE,
      maxConnectionLifetimeJitterMillis: MINUTE,
      validate: isAlive,
    },
    // Bindings are personal data, which must not get into messages and from there into logs.
    compileSqlOnError: false,
    log: { warn, error: warn, deprecate: warn, debug: () => {} },
  });
  return database.on('query-error', takeOutSql);
}

/** knex puts the whole statement before the message of an error; what is left is what Postgres or pg said. */
function takeOutSql(error: Error, { sql }: { sql: string }): void {
  const prefix = `${sql} - `;
  if (error.message.startsWith(prefix)) error.message = error.message.slice(prefix.length);
}

/** Longest that a pooled connection may take to answer before it is taken for dead. */
const VALIDATION_TIMEOUT = 2 * SECOND;

async function isAlive(client: Client): Promise<boolean> {
  // `query_timeout` of a single query is in pg's documentation, not in its types.
  const probe = { text: 'select 1', query_timeout: VALIDATION_TIMEOUT };
  await client.query(probe);
  return true;
}

/** Counts and ids come as numbers: none of them reaches 2^53. */
const bigintAsNumber = {
  getTypeParser(oid: number, format?: string) {
    if (oid === pg.types.builtins.INT8) return Number;
    return pg.types.getTypeParser(oid, format === 'binary' ? 'binary' : 'text');
  },
};
