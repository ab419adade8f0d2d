import {
  type ApiKeyRecord,
  createApiKey,
  type Database,
  listApiKeys,
  revokeApiKey,
  SCOPES,
  type Scope,
} from '@rowferry/database';
import type { Request } from 'express';
import { type Route, serve } from '../contract/serve.ts';
import { offsetOf, pageReply } from '../http/pagination.ts';
import { ApiProblem } from '../problems/api-problem.ts';
import { knownScopes } from './caller.ts';
import * as contract from './contract.ts';
import type { KeyRing } from './key-ring.ts';

/** @param keys is told of each change, so that a key that was just made opens this API at once. */
export function apiKeyRoutes({ database, keys }: { database: Database; keys: KeyRing }): Route[] {
  return [
    serve(contract.listApiKeys, async ({ query: page }, request) => {
      const all = (await listApiKeys(database)).toReversed();
      const offset = offsetOf(page);
      const shown = all.slice(offset, offset + page.limit).map(toResource);
      return pageReply(request, page, shown, { total: all.length, totalRelation: 'eq' });
    }),

    serve(contract.createApiKey, async ({ body: { name, scopes } }, request) => {
      const wanted = SCOPES.filter((scope) => scopes.includes(scope));
      requireScopes(request, wanted);
      const { key, ...record } = await createApiKey(database, { name, scopes: wanted });
      keys.forget();
      request.log.info({ apiKeyId: record.id, scopes: wanted }, 'API key created');
      return { status: 201, body: { ...toResource(record), key } };
    }),

    serve(contract.revokeApiKey, async ({ path: { keyId } }, request) => {
      if (!(await revokeApiKey(database, keyId)))
        throw new ApiProblem('api_key_not_found', `There is no API key ${keyId}.`);
      keys.forget();
      request.log.info({ apiKeyId: keyId }, 'API key revoked');
      return { status: 204 };
    }),
  ];
}

/** @throws ApiProblem `insufficient_scope` where a key would allow what its maker may not do. */
function requireScopes({ caller }: Request, wanted: readonly Scope[]): void {
  const missing = wanted.filter((scope) => caller?.kind === 'known' && !caller.scopes.has(scope));
  if (missing.length === 0) return;
  throw new ApiProblem(
    'insufficient_scope',
    `A key can allow no more than the credentials that create it, and these lack: ${missing.join(', ')}.`,
    {
      headers: {
        'WWW-Authenticate': `Bearer realm="rowferry", error="insufficient_scope", scope="${missing.join(' ')}"`,
      },
    },
  );
}

function toResource({ id, name, scopes, created_at, revoked_at }: Omit<ApiKeyRecord, 'hash'>) {
  return {
    id,
    name,
    scopes: [...knownScopes(scopes)],
    createdAt: created_at.toISOString(),
    revokedAt: revoked_at?.toISOString() ?? null,
  };
}
