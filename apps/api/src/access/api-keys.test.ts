import { expect, test } from 'vitest';
import { makeKey, NOTICED } from '../../test/make-key.ts';
import { type ServedApi, serveApi } from '../../test/serve-api.ts';

type Key = { id: string; name: string; scopes: string[]; createdAt: string; revokedAt: string | null; key?: string };

function client({ url }: ServedApi, key?: string) {
  const authorization: Record<string, string> = key === undefined ? {} : { authorization: `Bearer ${key}` };
  return {
    uploads: async () => (await fetch(`${url}/v1/uploads`, { headers: authorization })).status,
    list: async () => {
      const response = await fetch(`${url}/v1/api-keys?limit=100`, { headers: authorization });
      return ((await response.json()) as { data: Key[] }).data;
    },
    create: (body: object) =>
      fetch(`${url}/v1/api-keys`, {
        method: 'POST',
        headers: { ...authorization, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    revoke: async (id: string) => {
      const response = await fetch(`${url}/v1/api-keys/${id}`, { method: 'DELETE', headers: authorization });
      return response.status;
    },
  };
}

test('a key that is created opens the API at once and closes it to everybody else, is listed without its secret, and is revoked', async () => {
  const api = await serveApi();
  expect(await client(api).uploads()).toBe(200);

  const response = await client(api).create({ name: 'payroll', scopes: ['operate', 'read', 'read'] });
  const made = (await response.json()) as Key;
  const { key = '', ...listed } = made;
  const owner = client(api, key);

  expect(response.status).toBe(201);
  expect(response.headers.get('cache-control')).toBe('no-store');
  expect(key).toMatch(new RegExp(`^rf_${made.id}_[\\w-]{43}$`));
  expect(made).toMatchObject({ name: 'payroll', scopes: ['read', 'operate'], revokedAt: null });
  expect(await owner.uploads()).toBe(200);
  expect(await client(api).uploads()).toBe(401);
  expect(await owner.list()).toEqual([listed]);

  const other = (await (await owner.create({ name: 'second', scopes: ['operate'] })).json()) as Key;
  expect((await owner.list()).map(({ name }) => name)).toEqual(['second', 'payroll']);
  expect(await owner.revoke(other.id)).toBe(204);
  expect(await owner.revoke(other.id)).toBe(204);
  expect((await client(api, other.key).create({ name: 'x', scopes: ['operate'] })).status).toBe(401);
  expect(await owner.revoke('0123456789abcdef')).toBe(404);
  const [revoked] = await owner.list();
  expect(Date.parse(revoked?.revokedAt ?? '')).toBeGreaterThanOrEqual(Date.parse(other.createdAt));
  expect(api.log.text()).not.toContain(key);
});

test('a key can give no scope that its maker lacks', async () => {
  const api = await serveApi();
  const { key } = await makeKey(api, 'operate');
  const operator = client(api, key);
  await expect.poll(client(api).uploads, NOTICED).toBe(401);

  const refused = await operator.create({ name: 'more', scopes: ['operate', 'read', 'upload'] });

  expect(refused.status).toBe(403);
  expect(refused.headers.get('www-authenticate')).toBe(
    'Bearer realm="rowferry", error="insufficient_scope", scope="read upload"',
  );
  expect(await refused.json()).toMatchObject({
    code: 'insufficient_scope',
    detail: 'A key can allow no more than the credentials that create it, and these lack: read, upload.',
  });
  expect((await operator.list()).map(({ name }) => name)).toEqual(['test']);
});

test.each([
  [{ name: '', scopes: ['read'] }, 'name'],
  [{ name: ' ', scopes: ['read'] }, 'name'],
  [{ name: 'two\nlines', scopes: ['read'] }, 'name'],
  [{ name: 'x'.repeat(101), scopes: ['read'] }, 'name'],
  [{ name: 'x', scopes: [] }, 'scopes'],
  [{ name: 'x', scopes: ['everything'] }, 'scopes.0'],
  [{ name: 'x', scopes: ['read'], hash: 'x' }, 'hash'],
])('a key that nobody could use or name is refused: %j', async (body, parameter) => {
  const api = await serveApi();

  const refused = await client(api).create(body);

  expect(refused.status).toBe(400);
  expect(await refused.json()).toMatchObject({ code: 'invalid_body', errors: [{ parameter }] });
  expect(await client(api).list()).toEqual([]);
});
