import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Configuration, Provider } from 'oidc-provider';
import { onTestFinished } from 'vitest';

export const AUDIENCE = 'rowferry';
export const CLIENT_ID = 'rowferry-console';
export const PERSON = 'Ada Quill';
const RESOURCE = 'urn:rowferry:api';
const SCOPES = 'read upload operate';

export type SignInIssuer = {
  url: string;
  /** What the next tokens are made for. */
  audience: string;
  /** Seconds that they are good for. */
  lifetime: number;
  /** Grants that were exchanged for tokens, such as `authorization_code`. */
  grants: string[];
  stop(): Promise<void>;
};

/** A certified OpenID Provider on loopback, with one public client, whose people are asked whether they are Ada. */
export async function startSignInIssuer(consoleUrl: string): Promise<SignInIssuer> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const issuer: SignInIssuer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    audience: AUDIENCE,
    lifetime: 3600,
    grants: [],
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  const provider = new Provider(issuer.url, configurationOf(issuer, consoleUrl));
  provider.on('grant.success', ({ oidc }) => issuer.grants.push(String(oidc.params?.grant_type)));
  const callback = provider.callback();
  server.on('request', async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', issuer.url);
    if (!pathname.startsWith('/ask/')) return callback(request, response);
    const answer = searchParams.get('answer');
    if (answer === null) return response.setHeader('Content-Type', 'text/html').end(ASK);
    const result = answer === 'yes' ? { login: { accountId: 'ada' } } : { error: 'access_denied' };
    return provider.interactionFinished(request, response, result);
  });
  onTestFinished(issuer.stop);
  return issuer;
}

const ASK = `<!doctype html><title>Issuer</title><a href="?answer=yes">I am ${PERSON}</a> <a href="?answer=no">No</a>`;

function configurationOf(issuer: SignInIssuer, consoleUrl: string): Configuration {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    clients: [
      {
        client_id: CLIENT_ID,
        token_endpoint_auth_method: 'none',
        redirect_uris: [`${consoleUrl}/signed-in`],
        post_logout_redirect_uris: [`${consoleUrl}/`],
        grant_types: ['authorization_code', 'refresh_token'],
      },
    ],
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'one', alg: 'RS256', use: 'sig' }] },
    cookies: { keys: ['of the test'] },
    pkce: { required: () => true },
    clientBasedCORS: (_context, origin) => origin === new URL(consoleUrl).origin,
    claims: { openid: ['sub'], profile: ['name'] },
    conformIdTokenClaims: false,
    findAccount: (_context, accountId) => ({ accountId, claims: () => ({ sub: accountId, name: PERSON }) }),
    issueRefreshToken: () => true,
    interactions: { url: (_context, { uid }) => `/ask/${uid}` },
    async loadExistingGrant({ oidc }) {
      const grant = new oidc.provider.Grant({ clientId: CLIENT_ID, accountId: oidc.session?.accountId ?? '' });
      grant.addOIDCScope('openid profile');
      grant.addResourceScope(RESOURCE, SCOPES);
      await grant.save();
      return grant;
    },
    features: {
      devInteractions: { enabled: false },
      rpInitiatedLogout: {
        // Its own page loads a font of another host.
        logoutSource: (context, form) => {
          context.body = `${form}<button form="op.logoutForm" name="logout" value="yes">Yes</button>`;
        },
      },
      resourceIndicators: {
        enabled: true,
        defaultResource: () => RESOURCE,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({
          scope: SCOPES,
          audience: issuer.audience,
          accessTokenTTL: issuer.lifetime,
          accessTokenFormat: 'jwt',
        }),
      },
    },
    ttl: {
      AccessToken: () => issuer.lifetime,
      Interaction: 600,
      Session: 600,
      Grant: 600,
      IdToken: 600,
      RefreshToken: 600,
    },
  };
}
