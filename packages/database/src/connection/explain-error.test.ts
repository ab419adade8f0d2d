import { expect, test } from 'vitest';
import { explainDatabaseError, explainRefusal } from './explain-error.ts';

const URL = 'postgres://me:secret@db.example:5432/staff';

// Messages as Postgres 18 and pg 8.23 say them.
test.for([
  ['28P01', 'password authentication failed for user "me"', /refuses the password of user me; .*DATABASE_URL/],
  [
    '28000',
    'no pg_hba.conf entry for host "::1", user "me", database "staff", no encryption',
    /wants TLS; add \?sslmode/,
  ],
  ['28000', 'PAM authentication failed for user "me"', /refuses the token of user me; grant rds_iam .*rds-db:connect/],
  ['28000', 'role "me" does not exist', /refuses user me \(role "me" does not exist\); check DATABASE_URL/],
  ['3D000', 'database "staff" does not exist', /has no such database; create it/],
  ['42501', 'permission denied for schema public', /does not let user me .*schema public\); grant create/],
  ['42501', 'permission denied to create extension "pg_trgm"', /create extension pg_trgm$/],
  ['0A000', 'extension "pg_trgm" is not available', /install Postgres's contrib modules/],
  ['', 'The server does not support SSL connections', /does not speak TLS; set \?sslmode=disable in DATABASE_URL/],
  ['SELF_SIGNED_CERT_IN_CHAIN', 'self-signed certificate in certificate chain', /not trusted .*sslrootcert/],
  [
    'ENOENT',
    "ENOENT: no such file or directory, open '/ca.pem'",
    /DATABASE_URL names a file that cannot be read .*\/ca\.pem/,
  ],
] as const)('%s %s', ([code, message, expected]) => {
  const line = explainRefusal(Object.assign(new Error(message), { code }), URL);

  expect(line).toMatch(expected);
  expect(line).toMatch(/^(Postgres at db\.example:5432\/staff|DATABASE_URL) [^\n]+$/);
  expect(line).not.toContain('secret');
});

test('a database that is unavailable is explained, but is none that refuses', () => {
  const error = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
  expect(explainDatabaseError(error, URL)).toBe(
    'Postgres at db.example:5432/staff cannot be reached (connect ECONNREFUSED 127.0.0.1:1); check DATABASE_URL',
  );
  expect(explainRefusal(error, URL)).toBeUndefined();
});

test('what is not about the database as a whole is not explained', () => {
  for (const error of [new TypeError('a bug'), Object.assign(new Error('x'), { code: '23505' })])
    expect(explainDatabaseError(error, URL)).toBeUndefined();
});
