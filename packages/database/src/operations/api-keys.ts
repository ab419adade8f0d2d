import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { type GeneratedKey, generateApiKey } from './api-key-secret.ts';

/** What a caller may be allowed to do. `operate` is for who runs Rowferry: redrives, profiles, metrics. */
export const SCOPES = ['read', 'upload', 'operate'] as const;

export type Scope = (typeof SCOPES)[number];

/** An API key as it is stored: without the secret itself. */
export type ApiKeyRecord = {
  id: string;
  name: string;
  scopes: string[];
  /** SHA-256 of the whole key. */
  hash: Buffer;
  created_at: Date;
  revoked_at: Date | null;
};

export type NewApiKey = Pick<ApiKeyRecord, 'id' | 'name' | 'scopes' | 'hash'>;

const ADD_API_KEY = statement('insert into api_keys (id, name, scopes, hash) values (?, ?, ?, ?) returning created_at');

/** @returns when it was added, by Postgres's clock. */
export async function addApiKey(database: Database, { id, name, scopes, hash }: NewApiKey): Promise<Date> {
  const [added] = await query<Pick<ApiKeyRecord, 'created_at'>>(database, ADD_API_KEY, [id, name, scopes, hash]);
  if (added === undefined) throw new Error('Postgres did not say when the key was added');
  return added.created_at;
}

/** Makes a key with these scopes. @returns what its owner needs: `key` cannot be had again. */
export async function createApiKey(
  database: Database,
  { name, scopes }: Pick<NewApiKey, 'name' | 'scopes'>,
): Promise<Omit<ApiKeyRecord, 'hash'> & Pick<GeneratedKey, 'key'>> {
  const { id, key, hash } = generateApiKey();
  const created_at = await addApiKey(database, { id, name, scopes, hash });
  return { id, name, scopes, created_at, revoked_at: null, key };
}

const LIST_API_KEYS = statement(
  'select id, name, scopes, hash, created_at, revoked_at from api_keys order by created_at, id',
);

/** Every key that was ever made, revoked ones too, oldest first. There are few. */
export async function listApiKeys(database: Database): Promise<ApiKeyRecord[]> {
  return query<ApiKeyRecord>(database, LIST_API_KEYS);
}

const REVOKE_API_KEY = statement(
  'update api_keys set revoked_at = coalesce(revoked_at, now()) where id = ? returning id',
);

/** @returns whether there is such a key. A key that is revoked already keeps its first time. */
export async function revokeApiKey(database: Database, id: string): Promise<boolean> {
  const revoked = await query(database, REVOKE_API_KEY, [id]);
  return revoked.length > 0;
}
