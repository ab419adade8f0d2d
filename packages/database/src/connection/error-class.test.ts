import { expect, test } from 'vitest';
import { isDatabaseUnavailable, isDataError, isRefusal, reasonOf, sqlState } from './error-class.ts';

function withCode(code: string, message = 'went wrong'): Error {
  return Object.assign(new Error(message), { code });
}

/** SQLSTATE → what it is, in words of https://www.postgresql.org/docs/current/errcodes-appendix.html */
const TRANSIENT = {
  '08000': 'connection_exception',
  '08001': 'sqlclient_unable_to_establish_sqlconnection',
  '08006': 'connection_failure',
  '08P01': 'protocol_violation',
  '25006': 'read_only_sql_transaction',
  '25P03': 'idle_in_transaction_session_timeout',
  '40001': 'serialization_failure',
  '40P01': 'deadlock_detected',
  '53100': 'disk_full',
  '53200': 'out_of_memory',
  '53300': 'too_many_connections',
  '55P03': 'lock_not_available',
  '57014': 'query_canceled',
  '57P01': 'admin_shutdown',
  '57P02': 'crash_shutdown',
  '57P03': 'cannot_connect_now',
  '57P05': 'idle_session_timeout',
};

const PERMANENT = {
  '22001': 'string_data_right_truncation',
  '22021': 'character_not_in_repertoire',
  '22P02': 'invalid_text_representation',
  '23502': 'not_null_violation',
  '23505': 'unique_violation',
  '23514': 'check_violation',
  '3D000': 'invalid_catalog_name',
  '42501': 'insufficient_privilege',
  '42601': 'syntax_error',
  '42P01': 'undefined_table',
};

const NETWORK = [
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
];

const TEXTS = [
  'Connection terminated',
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
  'timeout expired',
  'Query read timeout',
  'Knex: Timeout acquiring a connection. The pool is probably full.',
  'aborted',
  'Unable to acquire a connection',
];

test.for(Object.entries(TRANSIENT))('%s %s may pass: the database is unavailable, and no row is at fault', ([code]) => {
  const error = withCode(code);
  expect(isDatabaseUnavailable(error)).toBe(true);
  expect(isRefusal(error)).toBe(false);
  expect(isDataError(error)).toBe(false);
});

test.for(Object.entries(PERMANENT))('%s %s stays: the database is there and refuses', ([code]) => {
  const error = withCode(code);
  expect(isDatabaseUnavailable(error)).toBe(false);
  expect(isRefusal(error)).toBe(true);
});

test('only data exceptions and broken constraints are the fault of a row', () => {
  const codes = [...Object.keys(TRANSIENT), ...Object.keys(PERMANENT)];
  const atFault = codes.filter((code) => isDataError(withCode(code)));
  expect(atFault.toSorted()).toEqual(['22001', '22021', '22P02', '23502', '23505', '23514']);
});

test.for(NETWORK)('%s may pass', (code) => {
  expect(isDatabaseUnavailable(withCode(code))).toBe(true);
  expect(sqlState(withCode(code))).toBeUndefined();
});

test('a name with two addresses, neither of which answers, is as one that does not answer', () => {
  const error = new AggregateError([withCode('ECONNREFUSED'), withCode('ECONNREFUSED')]);
  expect(isDatabaseUnavailable(error)).toBe(true);
});

test.for(TEXTS)('"%s" may pass', (text) => {
  expect(isDatabaseUnavailable(new Error(text))).toBe(true);
});

test.for([
  ['a bug', new TypeError('x is not a function'), false],
  ['a code that is in no table', withCode('XX000'), true],
  ['no error', 'text', false],
] as const)(
  '%s neither means that the database is unavailable nor is the fault of a value',
  ([, error, isAnswered]) => {
    expect(isDatabaseUnavailable(error)).toBe(false);
    expect(isDataError(error)).toBe(false);
    expect(isRefusal(error)).toBe(isAnswered);
  },
);

test('a reason is one line with the code, where there is one', () => {
  expect(reasonOf(withCode('23514', 'violates no_acme'))).toBe('23514 violates no_acme');
  expect(reasonOf(new Error('Query read timeout'))).toBe('Query read timeout');
  expect(reasonOf('text')).toBe('text');
});
