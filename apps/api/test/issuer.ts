import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { onTestFinished } from 'vitest';
import { TokenVerifier } from '../src/access/token-verifier.ts';
import { openAccess } from './api-settings.ts';
import { type ServedApi, serveApi } from './serve-api.ts';

export const AUDIENCE = 'rowferry';

export type Issuer = { url: string; privateKey: CryptoKey; stop(): Promise<void> };

/** An OpenID Connect issuer on loopback that publishes one key. */
export async function startIssuer({ name }: { name?: string } = {}): Promise<Issuer> {
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

type Claims = {
  scope?: string;
  audience?: string;
  issuer?: string;
  expires?: string;
  subject?: string;
  claims?: Record<string, unknown>;
};

export function sign(
  { url, privateKey }: Issuer,
  { scope = 'read', audience = AUDIENCE, issuer = url, expires = '5m', subject = 'someone', claims = {} }: Claims = {},
): Promise<string> {
  return new SignJWT({ scope, ...claims })
    .setProtectedHeader({ alg: 'ES256', kid: 'one' })
    .setIssuer(issuer)
    .setAudience(audience)
    .setSubject(subject)
    .setIssuedAt()
    .setExpirationTime(expires)
    .sign(privateKey);
}

/** An API that accepts the tokens of this issuer. */
export function serveTrusting({ url: issuer }: Issuer): Promise<ServedApi> {
  return serveApi((fixtures) => ({
    access: { ...openAccess(fixtures), tokens: new TokenVerifier({ issuer, audience: AUDIENCE }) },
  }));
}
