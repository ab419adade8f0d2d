import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { expect, onTestFinished, test } from 'vitest';
import { openAccess } from '../../test/api-settings.ts';
import { type ServedApi, serveApi } from '../../test/serve-api.ts';
import { TokenVerifier } from './token-verifier.ts';

const AUDIENCE = 'rowferry';

type Issuer = { url: string; privateKey: CryptoKey; stop(): Promise<void> };

/** An OpenID Connect issuer on loopback that publishes one key. */
async function startIssuer({ name }: { name?: string } = {}): Promise<Issuer> {
  const { publicKey, privateKey } = await generateKeyPair('ES256');
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'ES256', use: 'sig' }];
  const server = createServer((request, response) => {
    const documents: Record<string, object> = {
      '/.well-known/openid-configuration': { issuer: name ?? url, jwks_uri: `${url}/keys` },
      '/keys': { keys },
    };
    response.setHeader('Content-Type', 'application/json').end(JSON.stringify(documents[request.url ?? '']));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const stop = async () => {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  };
  onTestFinished(stop);
  return { url, privateKey, stop };
}

type Claims = { scope?: string; audience?: string; issuer?: string; expires?: string };

function sign(
  { url, privateKey }: Issuer,
  { scope = 'read', audience = AUDIENCE, issuer = url, expires = '5m' }: Claims = {},
): Promise<string> {
  return new SignJWT({ scope })
    .setProtectedHeader({ alg: 'ES256', kid: 'one' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject('someone')
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(privateKey);
}

function serveTrusting({ url: issuer }: Issuer): Promise<ServedApi> {
  return serveApi((fixtures) => ({
    access: { ...openAccess(fixtures), tokens: new TokenVerifier({ issuer, audience: AUDIENCE }) },
  }));
}

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
  expect(await statusWith(api, await sign(issuer, { scope: 'read' }), '/v1/employee-data-upload', 'POST')).toBe(403);
  expect(await statusWith(api, await sign(issuer, { scope: 'upload' }), '/v1/employee-data-upload', 'POST')).toBe(415);
  expect(await statusWith(api, undefined)).toBe(401);
});

test('a token for others, of others, expired, unsigned, or signed with something else is refused', async () => {
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
