import type { Knex } from 'knex';
import type { Database } from './connect.ts';

/** Every statement of this package; a test prepares each against the migrated schema. */
export const STATEMENTS: Set<Statement> = new Set();
/** Every function that builds statements; the same test prepares what each builds. */
export const STATEMENT_BUILDERS: Set<unknown> = new Set();

/**
 * The text of a statement. Only `statement`, `statementBuilder` and `preparedStatementBuilder` make one, so that the test finds
 * all.
 */
export class Statement {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
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
  { text }: Statement,
  bindings?: Bindings,
  { clientTimeoutMs }: { clientTimeoutMs?: number } = {},
): Promise<Row[]> {
  const sent =
    bindings === undefined ? database.raw<{ rows: Row[] }>(text) : database.raw<{ rows: Row[] }>(text, bindings);
  const { rows } = await (clientTimeoutMs === undefined ? sent : sent.options({ query_timeout: clientTimeoutMs }));
  return rows;
}
