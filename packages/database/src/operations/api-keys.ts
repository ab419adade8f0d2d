import type { Database } from '../connection/connect.ts';

/** An API key as Postgres knows it: the secret itself is nowhere. */
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

export async function addApiKey(database: Database, { id, name, scopes, hash }: NewApiKey): Promise<void> {
  await database.raw('insert into api_keys (id, name, scopes, hash) values (?, ?, ?, ?)', [id, name, scopes, hash]);
}

/** Every key that was ever made, revoked ones too, oldest first: there are few. */
export async function listApiKeys(database: Database): Promise<ApiKeyRecord[]> {
  const { rows } = await database.raw<{ rows: ApiKeyRecord[] }>(
    'select id, name, scopes, hash, created_at, revoked_at from api_keys order by created_at, id',
  );
  return rows;
}

/** @returns whether there is such a key. Revoked again, the first time stands. */
export async function revokeApiKey(database: Database, id: string): Promise<boolean> {
  const { rows } = await database.raw<{ rows: unknown[] }>(
    'update api_keys set revoked_at = coalesce(revoked_at, now()) where id = ? returning id',
    [id],
  );
  return rows.length > 0;
}
