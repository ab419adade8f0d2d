import { hash } from 'node:crypto';
import type { Knex } from 'knex';
import type { Client } from 'pg';
import type { Database } from './connect.ts';
import { sqlState } from './error-class.ts';
import { query, STATEMENT_BUILDERS, Statement } from './query.ts';

/** A statement that connections keep prepared. `query` sends it too, as one that is not. */
class PreparedStatement extends Statement {
  readonly name: string;
  /** As pg takes it: `$1` for the first of the bindings, and so on. */
  readonly sent: string;
  readonly bindings: readonly string[];

  /** @param text has bindings by name. */
  constructor(text: string) {
    super(text);
    // By its text: behind a pooler, a release of yesterday may have prepared another on the same connection.
    this.name = `rowferry_${hash('sha256', text, 'hex').slice(0, NAME_DIGITS)}`;
    this.bindings = [...new Set(Array.from(text.matchAll(BINDING), ([, name = '']) => name))];
    this.sent = text.replaceAll(BINDING, (_, name: string) => `$${this.bindings.indexOf(name) + 1}`);
  }
}

const NAME_DIGITS = 32;
/** Of `cast(… as …)`, not of `::`. */
const BINDING = /(?<!:):(\w+)/g;

/** Each takes some 50 KB in each connection's process, until the connection is closed. */
const PREPARED_MAX = 64;

/**
 * Builds statements that connections keep prepared, where parsing and planning would take longer than it runs. Only for a
 * plan that cannot depend on the values: after five executions Postgres plans for any
 * (https://www.postgresql.org/docs/current/sql-prepare.html#SQL-PREPARE-NOTES). To be made once, when its module is loaded.
 *
 * @param build takes facts that JSON can hold. What it builds for the same facts is built once. Beyond `PREPARED_MAX`
 *   different facts, it makes statements that are not prepared.
 */
export function preparedStatementBuilder<Facts extends unknown[]>(
  build: (...facts: Facts) => string,
): (...facts: Facts) => Statement {
  const known = new Map<string, PreparedStatement>();
  const builder = (...facts: Facts) => {
    const key = JSON.stringify(facts);
    const prepared = known.get(key);
    if (prepared !== undefined) return prepared;
    if (known.size >= PREPARED_MAX) return new Statement(build(...facts));
    const made = new PreparedStatement(build(...facts));
    known.set(key, made);
    return made;
  };
  STATEMENT_BUILDERS.add(builder);
  return builder;
}

/** Databases that lost a prepared statement once: nothing is prepared there any more. */
const unprepared = new WeakSet<Database>();

/** Source of the codes: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const LOSES_PREPARED: ReadonlySet<string> = new Set([
  '26000', // does not exist: a pooler gave this transaction another connection (pgbouncer before 1.21)
  '42P05', // exists already: another client of the pooler prepared it
  '0A000', // "cached plan must not change result type": a migration changed the type of a column
]);

/**
 * Sends a statement, prepared if it is one that may be, and returns its rows. Not in a transaction: where the prepared
 * statement is lost, it is sent again.
 *
 * @typeParam Row what the statement selects: column names and types as node-postgres parses them.
 */
export async function queryPrepared<Row extends object>(
  database: Database,
  statement: Statement,
  values: Knex.ValueDict,
): Promise<Row[]> {
  if (!(statement instanceof PreparedStatement) || unprepared.has(database)) return query(database, statement, values);
  try {
    return await sendPrepared<Row>(database, statement, values);
  } catch (error) {
    if (!LOSES_PREPARED.has(sqlState(error) ?? '')) throw error;
    unprepared.add(database);
    return query(database, statement, values);
  }
}

/** Of knex's client, which its types leave open. */
type Pool = {
  acquireConnection(): Promise<Client>;
  releaseConnection(connection: Client): Promise<void>;
  emit(event: 'query', sent: { sql: string; bindings: unknown[]; options: { name: string } }): void;
};

/**
 * By a connection of knex's pool, but past knex's builder, which puts the text together anew for each request: 6 % of what a
 * page takes the API. Errors are pg's own.
 */
async function sendPrepared<Row extends object>(
  database: Database,
  { name, sent, bindings }: PreparedStatement,
  values: Knex.ValueDict,
): Promise<Row[]> {
  const pool: Pool = database.client;
  const ordered = bindings.map((binding) => values[binding]);
  const connection = await pool.acquireConnection();
  try {
    pool.emit('query', { sql: sent, bindings: ordered, options: { name } });
    const { rows } = await connection.query<Row>({ name, text: sent, values: ordered });
    return rows;
  } finally {
    await pool.releaseConnection(connection);
  }
}
