/**
 * What may go well when tried again and what never will.
 *
 * - `transient`: the system's fault and passing. Retried with backoff; never rejects a row.
 * - `permanent`: the data's or the statement's fault. Trying again gives the same answer.
 *
 * What is in no table is retried too, since a row rejected by mistake is worse than one retried in vain; but it does not
 * mean that the database is unavailable, and where Postgres answered it, the row at fault is searched for.
 */
type ErrorClass = 'transient' | 'permanent';

type Rule = { prefix: string; class: ErrorClass; why: string };

/**
 * SQLSTATE → class; the longest prefix that fits decides.
 * Source of the codes: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const SQLSTATE_RULES: readonly Rule[] = [
  {
    prefix: '08',
    class: 'transient',
    why: 'connection exception: the server or the network is gone; a pooler that lost its server says 08P01',
  },
  { prefix: '22', class: 'permanent', why: 'data exception: the value does not fit its type' },
  { prefix: '23', class: 'permanent', why: 'integrity constraint violation' },
  { prefix: '25006', class: 'transient', why: 'read-only transaction: a standby, until the failover is through' },
  { prefix: '25P03', class: 'transient', why: 'idle_in_transaction_session_timeout passed: this side was too slow' },
  { prefix: '3D000', class: 'permanent', why: 'the database does not exist' },
  { prefix: '40001', class: 'transient', why: 'serialization failure' },
  { prefix: '40P01', class: 'transient', why: 'deadlock detected' },
  { prefix: '42', class: 'permanent', why: 'syntax error, or no right to do it' },
  { prefix: '53', class: 'transient', why: 'insufficient resources: connections, memory, disk' },
  { prefix: '55P03', class: 'transient', why: 'lock not available' },
  { prefix: '57014', class: 'transient', why: 'query cancelled: a statement time limit' },
  { prefix: '57P01', class: 'transient', why: 'admin shutdown' },
  { prefix: '57P02', class: 'transient', why: 'crash shutdown' },
  { prefix: '57P03', class: 'transient', why: 'cannot connect now: starting up or shutting down' },
  { prefix: '57P05', class: 'transient', why: 'idle_session_timeout passed, just when the session was wanted' },
];

/** Node's network errors, https://nodejs.org/api/errors.html#common-system-errors */
const NETWORK_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED', // nobody listens (yet)
  'ECONNRESET', // cut by the peer
  'ECONNABORTED', // cut by this side's network stack
  'EPIPE', // written to a connection that the peer had closed
  'ETIMEDOUT', // no answer
  'EHOSTUNREACH', // no route to the host
  'ENETUNREACH', // no route to the network
  'ENOTFOUND', // name not known: DNS unavailable, or a failover in progress
  'EAI_AGAIN', // DNS did not answer in time
]);

/**
 * Errors of node-postgres and knex that carry no code at all; their text is all there is. Sources:
 * https://github.com/brianc/node-postgres/blob/master/packages/pg/lib/client.js,
 * https://github.com/knex/knex/blob/master/lib/client.js, https://github.com/Vincit/tarn.js/blob/master/src/PendingOperation.ts
 */
const TEXT_RULES: readonly { pattern: RegExp; why: string }[] = [
  { pattern: /^Connection terminated/, why: 'pg: the connection broke while a query ran' },
  { pattern: /^Client has encountered a connection error/, why: 'pg: a query on a connection that broke before' },
  { pattern: /^Client was closed/, why: 'pg: a query on a connection that the pool has closed' },
  { pattern: /^timeout expired$/, why: 'pg: connectionTimeoutMillis passed' },
  { pattern: /^Query read timeout$/, why: 'pg: query_timeout passed' },
  { pattern: /Timeout acquiring a connection/, why: 'knex: the pool is full' },
  { pattern: /Unable to acquire a connection/, why: 'knex: the pool is gone' },
  { pattern: /^aborted$/, why: 'knex: the pool was closed while a query waited for a connection' },
];

/** True when the database cannot be reached or cannot serve: for an API, "try again later" and not "a bug". */
export function isDatabaseUnavailable(error: unknown): boolean {
  return ruleFor(error)?.class === 'transient';
}

/** SQLSTATE of an error that Postgres answered, undefined for all others. */
export function sqlState(error: unknown): string | undefined {
  const code = codeOf(error);
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) && !NETWORK_CODES.has(code) ? code : undefined;
}

function ruleFor(error: unknown): { class: ErrorClass; why: string } | undefined {
  const state = sqlState(error);
  if (state !== undefined) return longestMatch(state);
  const code = codeOf(error);
  if (code !== undefined && NETWORK_CODES.has(code)) return { class: 'transient', why: `network: ${code}` };
  const text = error instanceof Error ? error.message : '';
  const rule = TEXT_RULES.find(({ pattern }) => pattern.test(text));
  return rule && { class: 'transient', why: rule.why };
}

function longestMatch(state: string): Rule | undefined {
  const matches = SQLSTATE_RULES.filter(({ prefix }) => state.startsWith(prefix));
  return matches.toSorted((a, b) => b.prefix.length - a.prefix.length)[0];
}

function codeOf(error: unknown): string | undefined {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

/** True when Postgres itself answered, and not because it was busy or going: one row of many can be why. */
export function isRefusal(error: unknown): boolean {
  return sqlState(error) !== undefined && ruleFor(error)?.class !== 'transient';
}

/** True when Postgres refused a value: the fault of a row, not of the statement, the schema or the system. */
export function isDataError(error: unknown): boolean {
  return /^2[23]/.test(sqlState(error) ?? '');
}

/** An error in one line, for a person who asks why a row was not written. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = codeOf(error);
  return code === undefined ? error.message : `${code} ${error.message}`;
}
