import { expect, test } from 'vitest';
import { errorForLog } from './error-for-log.ts';

const WITH_VALUES = [
  { code: '22P02', message: 'invalid input syntax for type integer: "Ann "jane" Lee"' },
  {
    code: '23505',
    message: 'duplicate key value violates unique constraint "employees_email_key"',
    constraint: 'employees_email_key',
    detail: 'Key (email)=(jane@example.org) already exists.',
    where: 'COPY employees, line 1: "jane@example.org"',
  },
  { code: '23514', message: 'jane is not allowed', constraint: 'no_jane' },
  { code: 'P0001', message: 'jane may not be hired', where: 'PL/pgSQL function check_jane() line 3 at RAISE' },
  { code: '40001', message: 'jane again', file: 'pl_exec.c', routine: 'exec_stmt_raise' },
  { code: 'XX000', message: 'cache lookup failed for jane' },
];

test.for(WITH_VALUES)('of $code, which can quote a row, only the SQLSTATE and the constraint are logged', (answer) => {
  const error = Object.assign(new Error(answer.message), answer, { name: 'error', severity: 'ERROR' });
  const wrapped = new Error('the batch was not written', { cause: error });

  const logged = errorForLog(wrapped).cause;

  expect(logged).toMatchObject({ code: answer.code, message: `Postgres answered SQLSTATE ${answer.code}` });
  expect(logged?.constraint).toBe(answer.constraint);
  expect(logged?.stack).toMatch(new RegExp(`^error: Postgres answered SQLSTATE ${answer.code}\n +at `));
  expect(JSON.stringify(logged).replaceAll('no_jane', '')).not.toContain('jane');
});

test.for([
  { code: '28P01', message: 'password authentication failed for user "rowferry"' },
  { code: '42P01', message: 'relation "uploads" does not exist' },
  { code: '53100', message: 'could not extend file "base/1/2": No space left on device' },
  { code: '57P01', message: 'terminating connection due to administrator command' },
])('what Postgres says of itself is logged: $code', ({ code, message }) => {
  expect(errorForLog(Object.assign(new Error(message), { code, file: 'auth.c' }))).toMatchObject({ code, message });
});

test('type, code, stack and causes are kept', () => {
  const cause = Object.assign(new TypeError('fetch failed'), { code: 'ECONNREFUSED' });
  const error = new Error('the issuer is unavailable', { cause });

  expect(errorForLog(error)).toEqual({
    type: 'Error',
    message: 'the issuer is unavailable',
    stack: error.stack,
    cause: { type: 'TypeError', message: 'fetch failed', code: 'ECONNREFUSED', stack: cause.stack },
  });
});

test('what is thrown and is no error is not shown', () => {
  expect(errorForLog('jane@example.org')).toEqual({ type: 'string', message: 'not an Error' });
});
