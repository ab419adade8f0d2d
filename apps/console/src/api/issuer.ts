import * as oauth from 'oauth4webapi';
import { SignInError } from './sign-in-error.ts';
import type { SignIn } from './types.ts';

const SECOND = 1000;
const ISSUER_TIMEOUT = 10 * SECOND;

/** The issuer as it describes itself, and this console as its client. */
export type Issuer = { server: oauth.AuthorizationServer; client: oauth.Client; origin: string };

/** @throws SignInError */
export async function discover({ issuer, clientId }: SignIn): Promise<Issuer> {
  const url = new URL(issuer);
  const answer = await ask(url.origin, () => oauth.discoveryRequest(url, requestOptions(url)));
  const server = await read(() => oauth.processDiscoveryResponse(url, answer));
  return { server, client: { client_id: clientId }, origin: url.origin };
}

/** Of an endpoint of the issuer. One without TLS is one that an operator named, such as one on this machine. */
export function requestOptions({ protocol }: { protocol: string }) {
  return { [oauth.allowInsecureRequests]: protocol === 'http:', signal: AbortSignal.timeout(ISSUER_TIMEOUT) };
}

/** Asks the issuer. Fetch does not say why it failed: no server, no network, no CORS. @throws SignInError */
export async function ask<Answer>(origin: string, asking: () => Promise<Answer>): Promise<Answer> {
  try {
    return await asking();
  } catch (error) {
    throw new SignInError('unreachable', origin, { cause: error });
  }
}

/** Reads what the issuer answered. @throws SignInError */
export async function read<Value>(reading: () => Promise<Value> | Value): Promise<Value> {
  try {
    return await reading();
  } catch (error) {
    if (error instanceof oauth.AuthorizationResponseError || error instanceof oauth.ResponseBodyError) {
      if (error.error === 'access_denied') throw new SignInError('denied', '', { cause: error });
      throw new SignInError('refused', error.error_description ?? error.error, { cause: error });
    }
    throw new SignInError('invalid', error instanceof Error ? error.message : String(error), { cause: error });
  }
}
