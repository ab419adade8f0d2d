import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { isHashOf, listApiKeys } from '@rowferry/database';
import { setupDatabase } from '@rowferry/testing';
import { expect, test } from 'vitest';

const ROWFERRY = fileURLToPath(new URL('../../../cli/bin/rowferry', import.meta.url));

type Result = { code: number; stdout: string; stderr: string };

function keys(databaseUrl: string, ...args: string[]): Promise<Result> {
  return new Promise((resolve) => {
    execFile(
      ROWFERRY,
      ['keys', ...args],
      { env: { ...process.env, DATABASE_URL: databaseUrl } },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
      },
    );
  });
}

test('a key is made and shown once, listed without its secret, and revoked', async () => {
  const { database, databaseUrl } = await setupDatabase();

  const made = await keys(databaseUrl, 'create', '--name', 'payroll', '--scopes', 'upload,read');
  const key = made.stdout.trim();
  expect(made.code).toBe(0);
  expect(key).toMatch(/^rf_[0-9a-f]{16}_[\w-]{43}$/);
  const [stored] = await listApiKeys(database);
  expect(stored).toMatchObject({ name: 'payroll', scopes: ['read', 'upload'], revoked_at: null });
  expect(stored && isHashOf(stored.hash, key)).toBe(true);

  const id = stored?.id ?? '';
  const listed = await keys(databaseUrl, 'list');
  expect(listed.stdout.split('\t')).toEqual([
    id,
    'payroll',
    'read,upload',
    stored?.created_at.toISOString(),
    'valid\n',
  ]);

  expect((await keys(databaseUrl, 'revoke', id)).code).toBe(0);
  expect((await keys(databaseUrl, 'list')).stdout).toMatch(/\trevoked \d{4}-/);
});

test.for([
  [[], 'Usage: rowferry keys [options] [command]'],
  [['create'], "rowferry: required option '--name <name>' not specified"],
  [['create', '--name', ''], 'rowferry: --name says whose key it is'],
  [['create', '--name', 'x', '--scopes', 'read,root'], 'rowferry: --scopes must be of read, upload, operate'],
  [['create', '--name', 'x', '--admin'], "rowferry: unknown option '--admin'"],
  [['revoke', 'nobody'], 'rowferry: there is no key nobody'],
  [['list', 'everything'], "rowferry: too many arguments for 'list'"],
] as const)('keys %j is told what is wrong, and nothing changes', async ([args, message]) => {
  const { database, databaseUrl } = await setupDatabase();

  const { code, stdout, stderr } = await keys(databaseUrl, ...args);

  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  expect(stderr).toMatch(new RegExp(`^${RegExp.escape(message)}`));
  expect(await listApiKeys(database)).toEqual([]);
});

test('an unavailable database is one line', async () => {
  const { code, stderr } = await keys('postgres://x:y@127.0.0.1:1/z', 'list');

  expect({ code, stderr }).toEqual({
    code: 1,
    stderr: expect.stringMatching(
      /^rowferry: Postgres at 127\.0\.0\.1:1\/z cannot be reached .*; check DATABASE_URL\n$/,
    ),
  });
});
