import { expect, test } from 'vitest';
import { usesIamTokens } from './database-server.ts';
import { readEnvironment } from './environment.ts';

const SERVER = { DATABASE_HOST: 'db.example.com', DATABASE_USER: 'rowferry_app' };

function urlOf(source: Record<string, string>): string {
  return readEnvironment(['DATABASE_URL'], [], source).DATABASE_URL;
}

test('a database in parts becomes a URL that asks for a proof of who the server is', () => {
  expect(urlOf(SERVER)).toBe('postgres://rowferry_app@db.example.com:5432/rowferry?sslmode=verify-full');
  const all = {
    DATABASE_PORT: '6543',
    DATABASE_NAME: 'staff',
    DATABASE_PASSWORD: 's3cret',
    DATABASE_CA_FILE: '/ca.pem',
  };
  expect(urlOf({ ...SERVER, ...all })).toBe(
    'postgres://rowferry_app:s3cret@db.example.com:6543/staff?sslmode=verify-full&sslrootcert=%2Fca.pem',
  );
});

test('what a URL would read as something else is kept as it is', () => {
  const odd = { DATABASE_USER: 'a:b@c/d', DATABASE_PASSWORD: '%2F?#@:/ ü', DATABASE_NAME: 'x/y?z' };
  const { username, password, pathname, host } = new URL(urlOf({ ...SERVER, ...odd }));
  expect([username, password, pathname.slice(1)].map(decodeURIComponent)).toEqual(['a:b@c/d', '%2F?#@:/ ü', 'x/y?z']);
  expect(host).toBe('db.example.com:5432');
});

test.for([
  [{ ...SERVER, DATABASE_URL: 'postgres://h/d' }, 'DATABASE_URL and DATABASE_HOST are both set; unset one of them'],
  [{ DATABASE_HOST: 'h' }, 'DATABASE_USER is not set, but DATABASE_HOST is'],
  [{ ...SERVER, DATABASE_HOST: 'h/d' }, /^DATABASE_HOST must be the name of a host/],
  [{ ...SERVER, DATABASE_HOST: 'me:secret@h' }, /^DATABASE_HOST must be the name of a host/],
  [{ ...SERVER, DATABASE_PORT: 'five' }, /DATABASE_PORT/],
] as const)('%o is refused', ([source, message]) => {
  expect(() => urlOf(source)).toThrow(message);
});

test('who asks for no database is not told of it', () => {
  expect(readEnvironment(['PORT'], [], { DATABASE_HOST: 'h' })).toEqual({ PORT: 3000 });
});

test('tokens are made for a server without a password, and never beside a URL', () => {
  expect(usesIamTokens(SERVER)).toBe(true);
  expect(usesIamTokens({ ...SERVER, DATABASE_PASSWORD: 'secret' })).toBe(false);
  expect(usesIamTokens({ ...SERVER, DATABASE_PASSWORD: '' })).toBe(true);
  expect(usesIamTokens({ DATABASE_URL: 'postgres://me@h/d' })).toBe(false);
});
