import * as oauth from 'oauth4webapi';
import { ask, discover, type Issuer, read, requestOptions } from './issuer.ts';
import { SignInError } from './sign-in-error.ts';
import type { SignIn, Tokens } from './types.ts';

// The authorization code flow with PKCE (RFC 6749, RFC 7636, OpenID Connect Core 1.0). Loaded when somebody signs in.

const SECOND = 1000;
/** Of a token whose end the issuer does not say. */
const ASSUMED_LIFE_SECONDS = 300;

/** A sign-in that was begun: where the person goes, and what the answer is held against. */
export type PreparedSignIn = {
  signIn: SignIn;
  url: string;
  redirectUri: string;
  state: string;
  nonce: string;
  codeVerifier: string;
};

/** @param redirectUri where the issuer sends the person back to. @throws SignInError */
export async function prepareSignIn(signIn: SignIn, redirectUri: string): Promise<PreparedSignIn> {
  const { server } = await discover(signIn);
  const state = oauth.generateRandomState();
  const nonce = oauth.generateRandomNonce();
  const codeVerifier = oauth.generateRandomCodeVerifier();
  const url = await read(() => new URL(server.authorization_endpoint ?? ''));
  const parameters = {
    ...signIn.parameters,
    response_type: 'code',
    client_id: signIn.clientId,
    redirect_uri: redirectUri,
    scope: signIn.scope,
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
  };
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return { signIn, url: url.href, redirectUri, state, nonce, codeVerifier };
}

/** Exchanges the code of an answer for tokens. @param answer the query with which the person came back. @throws SignInError */
export async function finishSignIn(prepared: PreparedSignIn, answer: URLSearchParams): Promise<Tokens> {
  const { signIn, redirectUri, state, nonce, codeVerifier } = prepared;
  const issuer = await discover(signIn);
  const { server, client } = issuer;
  const code = await read(() => oauth.validateAuthResponse(server, client, answer, state));
  const endpoint = tokenEndpoint(issuer);
  const response = await ask(issuer.origin, () =>
    oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.None(),
      code,
      redirectUri,
      codeVerifier,
      requestOptions(endpoint),
    ),
  );
  const tokens = await read(() =>
    oauth.processAuthorizationCodeResponse(server, client, response, { expectedNonce: nonce, requireIdToken: true }),
  );
  return { ...kept(tokens), refreshToken: tokens.refresh_token ?? null, name: nameIn(tokens), signIn };
}

/** @throws SignInError, and the tokens are of no more use than before. */
export async function refreshTokens({ signIn, refreshToken, name }: Tokens): Promise<Tokens> {
  if (refreshToken === null) throw new SignInError('invalid', 'there is no refresh token');
  const issuer = await discover(signIn);
  const { server, client } = issuer;
  const endpoint = tokenEndpoint(issuer);
  const response = await ask(issuer.origin, () =>
    oauth.refreshTokenGrantRequest(server, client, oauth.None(), refreshToken, requestOptions(endpoint)),
  );
  const tokens = await read(() => oauth.processRefreshTokenResponse(server, client, response));
  // Where the issuer gives no other refresh token, the one that it gave goes on being good (RFC 6749, section 6).
  return { ...kept(tokens), refreshToken: tokens.refresh_token ?? refreshToken, name, signIn };
}

/** Where the person signs out of the issuer too; null where it has no such place. No name and no token is in the address. */
export async function signOutUrl({ signIn }: Tokens, backTo: string): Promise<string | null> {
  const { server, client } = await discover(signIn);
  if (server.end_session_endpoint === undefined) return null;
  const url = new URL(server.end_session_endpoint);
  url.searchParams.set('client_id', client.client_id);
  url.searchParams.set('post_logout_redirect_uri', backTo);
  return url.href;
}

/** The page's policy lets it ask the origin of the issuer alone. @throws SignInError */
function tokenEndpoint({ server, origin }: Issuer): URL {
  const url = URL.parse(server.token_endpoint ?? '');
  if (url === null) throw new SignInError('invalid', 'the issuer names no token endpoint');
  if (url.origin !== origin) throw new SignInError('elsewhere', url.origin);
  return url;
}

function kept({ access_token, expires_in }: oauth.TokenEndpointResponse): Pick<Tokens, 'accessToken' | 'expiresAt'> {
  return { accessToken: access_token, expiresAt: Date.now() + (expires_in ?? ASSUMED_LIFE_SECONDS) * SECOND };
}

/** What the person is called, as far as the issuer says. */
function nameIn(tokens: oauth.TokenEndpointResponse): string | null {
  const claims = oauth.getValidatedIdTokenClaims(tokens);
  const names = [claims?.name, claims?.preferred_username, claims?.email];
  return names.find((name) => typeof name === 'string') ?? null;
}
