import { expect, test } from 'vitest';
import { errorForLog } from './error-for-log.ts';

test('values of a row that an error of Postgres carries are left out', () => {
  const unique = Object.assign(new Error('duplicate key value violates unique constraint "employees_email_key"'), {
    code: '23505',
    detail: 'Key (email)=(jane@example.org) already exists.',
    where: 'COPY employees, line 1: "jane@example.org"',
  });
  const data = Object.assign(new Error('invalid input syntax for type integer: "Ann "jane" Lee"'), { code: '22P02' });

  const logged = JSON.stringify([errorForLog(unique), errorForLog(data)]);

  expect(logged).not.toContain('jane');
  expect(logged).toContain('employees_email_key');
  expect(logged).toContain('invalid input syntax for type integer: \\"…\\"');
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
