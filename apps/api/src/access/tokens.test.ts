import { SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { AUDIENCE, serveTrusting, sign, startIssuer } from '../../test/issuer.ts';
import type { ServedApi } from '../../test/serve-api.ts';

async function statusWith(
  { url }: ServedApi,
  token: string | undefined,
  path = '/v1/uploads',
  method = 'GET',
): Promise<number> {
  const { status } = await fetch(url + path, {
    method,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  return status;
}

test('a token of the issuer opens what its scopes allow, and without one nothing is open', async () => {
  const issuer = await startIssuer();
  const api = await serveTrusting(issuer);

  expect(await statusWith(api, await sign(issuer, { scope: 'openid read profile' }))).toBe(200);
  expect(await statusWith(api, await sign(issuer, { scope: 'openid reader' }))).toBe(403);
  expect(await statusWith(api, await sign(issuer, { claims: { scope: undefined, scp: 'profile read' } }))).toBe(200);
  expect(await statusWith(api, await sign(issuer, { claims: { scope: undefined, scp: ['profile', 'read'] } }))).toBe(
    200,
  );
  expect(await statusWith(api, await sign(issuer, { claims: { scope: undefined, scp: 'profile' } }))).toBe(403);
  expect(await statusWith(api, await sign(issuer, { scope: 'read' }), '/v1/employee-data-upload', 'POST')).toBe(403);
  expect(await statusWith(api, await sign(issuer, { scope: 'upload' }), '/v1/employee-data-upload', 'POST')).toBe(415);
  expect(await statusWith(api, undefined)).toBe(401);
});

test('a token for others, of others, of nobody, expired, unsigned, or signed with something else is refused', async () => {
  const issuer = await startIssuer();
  const stranger = await startIssuer();
  const api = await serveTrusting(issuer);
  const unsigned = [{ alg: 'none' }, { sub: 'x', scope: 'read', iss: issuer.url, aud: AUDIENCE, exp: 4_000_000_000 }]
    .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
    .join('.');
  const withSecret = await new SignJWT({ scope: 'read' })
    .setProtectedHeader({ alg: 'HS256', kid: 'one' })
    .setIssuer(issuer.url)
    .setAudience(AUDIENCE)
    .setSubject('x')
    .setExpirationTime('5m')
    .sign(new TextEncoder().encode('x'.repeat(32)));
  const refused = [
    await sign(issuer, { audience: 'another-api' }),
    await sign(stranger),
    await sign({ ...stranger, url: issuer.url }),
    await sign(issuer, { issuer: stranger.url }),
    await sign(issuer, { expires: '-2m' }),
    await sign(issuer, { subject: '' }),
    await sign(issuer, { subject: ' ' }),
    `${unsigned}.`,
    withSecret,
    'no.token.atall',
    'x',
  ];

  for (const token of refused) expect(await statusWith(api, token), token).toBe(401);
});

test('an issuer that cannot be asked is a 503, and when it is back its tokens work', async () => {
  const issuer = await startIssuer();
  const gone = await startIssuer();
  const api = await serveTrusting(gone);
  const token = await sign(gone);
  await gone.stop();

  const response = await fetch(`${api.url}/v1/uploads`, { headers: { authorization: `Bearer ${token}` } });

  expect(response.status).toBe(503);
  expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
  expect((await fetch(`${api.url}/openapi.json`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(200);
  expect(await statusWith(await serveTrusting(issuer), await sign(issuer))).toBe(200);
});

test('an issuer that calls itself by another name is not believed', async () => {
  const impostor = await startIssuer({ name: 'https://login.example' });
  const api = await serveTrusting(impostor);

  expect(await statusWith(api, await sign(impostor))).toBe(503);
});
