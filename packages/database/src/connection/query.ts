import { hash } from 'node:crypto';
import type { Knex } from 'knex';
import type { Database } from './connect.ts';
import { sqlState } from './error-class.ts';

/** Every statement of this package; a test prepares each against the migrated schema. */
export const STATEMENTS: Set<Statement> = new Set();
/** Every function that builds statements; the same test prepares what each builds. */
export const STATEMENT_BUILDERS: Set<unknown> = new Set();

/** The text of a statement. Only `statement` and `statementBuilder` make one, so that the test finds all. */
export class Statement {
  readonly #text: string;
  /** Under which a connection keeps it prepared; undefined: Postgres parses and plans it each time. */
  readonly name: string | undefined;

  constructor(text: string, name?: string) {
    this.#text = text;
    this.name = name;
  }

  get text(): string {
    return this.#text;
  }
}

/** A statement whose text is always the same. To be made once, when its module is loaded. */
export function statement(text: string): Statement {
  const made = new Statement(text);
  STATEMENTS.add(made);
  return made;
}

/** A statement whose text depends on something: an order, a filter. To be made once, when its module is loaded. */
export function statementBuilder<Facts extends unknown[]>(
  build: (...facts: Facts) => string,
): (...facts: Facts) => Statement {
  const builder = (...facts: Facts) => new Statement(build(...facts));
  STATEMENT_BUILDERS.add(builder);
  return builder;
}

/** Each takes some 50 KB in each connection's process, until the connection is closed. */
const PREPARED_MAX = 64;

/**
 * The same for a statement that connections keep prepared, where parsing and planning would take longer than it runs. Only
 * for a plan that cannot depend on the values: after five executions Postgres plans for any
 * (https://www.postgresql.org/docs/current/sql-prepare.html#SQL-PREPARE-NOTES). Not in transactions; see `query`.
 *
 * @param build takes facts that JSON can hold. What it builds for the same facts is built once. Beyond `PREPARED_MAX`
 *   different facts, it makes statements that are not prepared.
 */
export function preparedStatementBuilder<Facts extends unknown[]>(
  build: (...facts: Facts) => string,
): (...facts: Facts) => Statement {
  const prepared = new Map<string, Statement>();
  const builder = (...facts: Facts) => {
    const key = JSON.stringify(facts);
    const known = prepared.get(key);
    if (known !== undefined) return known;
    const text = build(...facts);
    if (prepared.size >= PREPARED_MAX) return new Statement(text);
    // By its text: behind a pooler, a release of yesterday may have prepared another on the same connection.
    const made = new Statement(text, `rowferry_${hash('sha256', text, 'hex').slice(0, NAME_DIGITS)}`);
    prepared.set(key, made);
    return made;
  };
  STATEMENT_BUILDERS.add(builder);
  return builder;
}

const NAME_DIGITS = 32;

/** Values by name (`:name`) or in order (`?`). */
export type Bindings = Knex.ValueDict | readonly Knex.RawBinding[];

/**
 * Sends a statement and returns its rows.
 *
 * @typeParam Row what the statement selects or returns: column names and types as node-postgres parses them.
 * @param clientTimeoutMs longest wait for the answer, in place of the connection's.
 */
export async function query<Row extends object>(
  database: Database,
  statement: Statement,
  bindings?: Bindings,
  options: { clientTimeoutMs?: number } = {},
): Promise<Row[]> {
  const { text, name } = statement;
  if (name === undefined || preparesNothing.has(database)) return send(database, text, bindings, options);
  try {
    return await send(database, text, bindings, { ...options, name });
  } catch (error) {
    if (!LOSES_PREPARED.has(sqlState(error) ?? '')) throw error;
    preparesNothing.add(database);
    return send(database, text, bindings, options);
  }
}

/** Databases that lost a prepared statement once. */
const preparesNothing = new WeakSet<Database>();

/** Source of the codes: https://www.postgresql.org/docs/current/errcodes-appendix.html */
const LOSES_PREPARED: ReadonlySet<string> = new Set([
  '26000', // does not exist: a pooler gave this transaction another connection (pgbouncer before 1.21)
  '42P05', // exists already: another client of the pooler prepared it
  '0A000', // "cached plan must not change result type": a migration changed the type of a column
]);

type SendOptions = { clientTimeoutMs?: number; name?: string };

async function send<Row extends object>(
  database: Database,
  text: string,
  bindings: Bindings | undefined,
  { clientTimeoutMs, name }: SendOptions,
): Promise<Row[]> {
  const sent =
    bindings === undefined ? database.raw<{ rows: Row[] }>(text) : database.raw<{ rows: Row[] }>(text, bindings);
  const options = {
    ...(clientTimeoutMs === undefined ? {} : { query_timeout: clientTimeoutMs }),
    ...(name === undefined ? {} : { name }),
  };
  const { rows } = await sent.options(options);
  return rows;
}
