import type { Scope } from '@rowferry/database';
import { idOfApiKey, isHashOf } from '@rowferry/database';
import type { Request, RequestHandler } from 'express';
import { ApiProblem, serviceUnavailable } from '../problems/api-problem.ts';
import { type Caller, knownScopes } from './caller.ts';
import type { KeyRing } from './key-ring.ts';
import { isLocalRequest } from './local-request.ts';
import { InvalidTokenError, IssuerUnavailableError, type TokenVerifier } from './token-verifier.ts';

export type AccessSettings = {
  keys: KeyRing;
  /** Undefined: no issuer is trusted. */
  tokens: TokenVerifier | undefined;
  /** Whether everybody may do everything while no key was ever made: for an API that only its own machine can reach. */
  openWithoutKeys: boolean;
  /** Origins of other sites whose pages may call. */
  corsOrigins: readonly string[];
};

const BEARER = /^Bearer +(?<credentials>[\w.~+/=-]+) *$/i;

/** Who may do what. */
export class Access {
  readonly #settings: AccessSettings;

  constructor(settings: AccessSettings) {
    this.#settings = settings;
  }

  /** Finds out who calls, without refusing anybody yet: public paths are for everybody. */
  readonly identify: RequestHandler = async (request, _response, next) => {
    request.caller = await this.#callerOf(request.headers.authorization).catch(
      (reason: unknown): Caller => ({ kind: 'refused', reason }),
    );
    next();
  };

  /** Lets a request pass whose caller has the scope. @throws ApiProblem `unauthorized`, `insufficient_scope`, `not_local` */
  authorize(scope: Scope | null): RequestHandler {
    if (scope === null) return (_request, _response, next) => next();
    return async (request, _response, next) => {
      await this.#require(scope, request, request.caller);
      request.reauthorize = async () => this.#require(scope, request, await this.#callerNow(request));
      next();
    };
  }

  /** Who calls, as of now: the key may be revoked, the token have expired. */
  async #callerNow({ caller, headers }: Request): Promise<Caller> {
    if (caller?.kind !== 'known' || caller.expiresAt === undefined) return this.#callerOf(headers.authorization);
    // The signature of a token that was verified does not change.
    if (caller.expiresAt <= new Date()) throw unauthorized('The token has expired.', 'invalid_token');
    return caller;
  }

  async #require(scope: Scope, request: Request, caller: Caller = { kind: 'anonymous' }): Promise<void> {
    switch (caller.kind) {
      case 'refused':
        throw caller.reason;
      case 'known':
        if (!caller.scopes.has(scope)) throw insufficientScope(scope);
        return;
      case 'anonymous':
        if (!(await this.#isOpen())) throw unauthorized('Send an API key as Authorization: Bearer.');
        if (!isLocalRequest(request, this.#settings.corsOrigins)) throw notLocal();
    }
  }

  async #isOpen(): Promise<boolean> {
    const { openWithoutKeys, tokens, keys } = this.#settings;
    return openWithoutKeys && tokens === undefined && (await keys.isEmpty());
  }

  async #callerOf(authorization: string | undefined): Promise<Caller> {
    if (authorization === undefined) return { kind: 'anonymous' };
    const credentials = BEARER.exec(authorization)?.groups?.credentials;
    if (credentials === undefined)
      throw unauthorized('Authorization must be Bearer and a key or token.', 'invalid_request');
    const keyId = idOfApiKey(credentials);
    return keyId === undefined ? this.#callerOfToken(credentials) : this.#callerOfKey(keyId, credentials);
  }

  async #callerOfKey(id: string, credentials: string): Promise<Caller> {
    const key = await this.#settings.keys.find(id);
    if (key === undefined || !isHashOf(key.hash, credentials))
      throw unauthorized('The API key is not known, or was revoked.', 'invalid_token');
    const sender = { kind: 'key', id, name: key.name } as const;
    return { kind: 'known', id: `key:${id}`, sender, scopes: knownScopes(key.scopes) };
  }

  async #callerOfToken(credentials: string): Promise<Caller> {
    const { tokens } = this.#settings;
    if (tokens === undefined)
      throw unauthorized('This is not an API key, and no issuer of tokens is trusted here.', 'invalid_token');
    try {
      const { subject, name, scopes, expiresAt } = await tokens.verify(credentials);
      const sender = { kind: 'token', id: subject, name } as const;
      return { kind: 'known', id: `token:${subject}`, sender, scopes: knownScopes(scopes), expiresAt };
    } catch (error) {
      if (error instanceof InvalidTokenError)
        throw unauthorized(`The token is not valid: ${error.message}.`, 'invalid_token');
      if (error instanceof IssuerUnavailableError)
        throw serviceUnavailable('The issuer of the token cannot be reached at the moment. Try again later.', error);
      throw error;
    }
  }
}

/** `WWW-Authenticate` is as RFC 6750, section 3, has it. */
function unauthorized(detail: string, error?: 'invalid_request' | 'invalid_token'): ApiProblem {
  const challenge = `Bearer realm="rowferry"${error === undefined ? '' : `, error="${error}"`}`;
  return new ApiProblem('unauthorized', detail, { headers: { 'WWW-Authenticate': challenge } });
}

function insufficientScope(scope: Scope): ApiProblem {
  const challenge = `Bearer realm="rowferry", error="insufficient_scope", scope="${scope}"`;
  return new ApiProblem('insufficient_scope', `This needs the scope "${scope}".`, {
    headers: { 'WWW-Authenticate': challenge },
  });
}

function notLocal(): ApiProblem {
  const detail =
    'No API key was made yet, so only this machine is answered, by a loopback name, not through a proxy, and not for pages of other sites. ' +
    'Make a key with: npm run keys -- create --name <name>';
  return new ApiProblem('not_local', detail);
}
