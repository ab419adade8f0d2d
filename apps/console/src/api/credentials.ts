import { toProblemError } from './problem.ts';
import type { Tokens } from './types.ts';

const KEY_ITEM = 'rowferry-key';
const TOKENS_ITEM = 'rowferry-tokens';
const SECOND = 1000;
/** How long before its end a token is renewed: a request that it is sent with may take a while to arrive. */
const RENEW_BEFORE_MS = 30 * SECOND;

/** Whether the API wants credentials, or others; `detail` is what it says of those that it was sent. */
type Wanted = { detail: string | null } | null;

const listeners = new Set<() => void>();
let wanted: Wanted = null;
let version = 0;
let renewal: Promise<void> | null = null;

/** The API key of this tab: in session storage alone, so it ends with the tab and is in no URL. */
function currentKey(): string | null {
  return sessionStorage.getItem(KEY_ITEM);
}

/** The tokens of this tab, which are kept as a key is. */
export function currentTokens(): Tokens | null {
  const item = sessionStorage.getItem(TOKENS_ITEM);
  // Written by `setTokens` alone.
  return item === null ? null : (JSON.parse(item) as Tokens);
}

/** Whether requests are sent with credentials. */
export function hasCredentials(): boolean {
  return currentKey() !== null || currentTokens() !== null;
}

/** The header that sends the credentials with a request, none without any. Renews a token that ends soon. */
export async function authorization(): Promise<{ Authorization?: string }> {
  const key = currentKey();
  if (key !== null) return { Authorization: `Bearer ${key}` };
  await renewTokens();
  const tokens = currentTokens();
  return tokens === null ? {} : { Authorization: `Bearer ${tokens.accessToken}` };
}

/** To be told of every answer: a 401 says that credentials are wanted, or others. @param body of the answer. */
export function noteAnswer(status: number, body: unknown): void {
  if (status !== 401) return;
  const detail = hasCredentials() ? toProblemError(status, body).message : '';
  forget();
  setWanted({ detail: detail === '' ? null : detail });
}

export function setKey(key: string): void {
  forget();
  sessionStorage.setItem(KEY_ITEM, key);
  setWanted(null);
}

export function setTokens(tokens: Tokens): void {
  forget();
  sessionStorage.setItem(TOKENS_ITEM, JSON.stringify(tokens));
  setWanted(null);
}

/** Asks the person for credentials, as they wish. */
export function wantCredentials(): void {
  setWanted({ detail: null });
}

/** Lets the person go on without, until the API wants some again. */
export function dismissCredentials(): void {
  setWanted(null);
}

export function forgetCredentials(): void {
  forget();
  setWanted(null);
}

/** For `useSyncExternalStore`, as are the two below. */
export function onCredentials(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function wantedCredentials(): Wanted {
  return wanted;
}

/** Another number whenever there are other credentials. */
export function credentialsVersion(): number {
  return version;
}

/** Once for all requests that wait: an issuer may let a refresh token be used once. */
async function renewTokens(): Promise<void> {
  const tokens = currentTokens();
  if (tokens === null || tokens.refreshToken === null) return;
  if (tokens.expiresAt - RENEW_BEFORE_MS > Date.now()) return;
  renewal ??= import('./oidc.ts')
    .then(({ refreshTokens }) => refreshTokens(tokens))
    .then((renewed) => sessionStorage.setItem(TOKENS_ITEM, JSON.stringify(renewed)))
    // The API says whether the old one is still good, and asks for a sign-in when it is not.
    .catch(() => {})
    .finally(() => {
      renewal = null;
    });
  await renewal;
}

function forget(): void {
  sessionStorage.removeItem(KEY_ITEM);
  sessionStorage.removeItem(TOKENS_ITEM);
}

function setWanted(value: Wanted): void {
  wanted = value;
  version += 1;
  for (const listener of listeners) listener();
}
