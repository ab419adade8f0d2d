import { type Environment, EnvironmentError } from '@rowferry/runtime';

/** How people sign in: what the console is told. */
export type SignIn = {
  issuer: string;
  clientId: string;
  /** Scopes to ask for, with spaces between. */
  scope: string;
  /** Parameters of the authorization request that this issuer wants beside those of the protocol. */
  parameters: Record<string, string>;
};

export const SIGN_IN_VARIABLES = ['OIDC_ISSUER', 'OIDC_CLIENT_ID', 'OIDC_SCOPES', 'OIDC_PARAMETERS'] as const;

/** @returns undefined where people use API keys. @throws EnvironmentError when there is a client, but no issuer. */
export function signInOf(environment: Environment<(typeof SIGN_IN_VARIABLES)[number]>): SignIn | undefined {
  const { OIDC_ISSUER, OIDC_CLIENT_ID, OIDC_SCOPES, OIDC_PARAMETERS } = environment;
  if (OIDC_CLIENT_ID === undefined) return undefined;
  if (OIDC_ISSUER === undefined) throw new EnvironmentError('OIDC_ISSUER is not set, but OIDC_CLIENT_ID is');
  return { issuer: OIDC_ISSUER, clientId: OIDC_CLIENT_ID, scope: OIDC_SCOPES, parameters: OIDC_PARAMETERS };
}
