import type { Scope } from '@rowferry/database';
import { createApiKey, type Database } from '@rowferry/database';
import { KEYS_FRESH_MS } from '../src/access/key-ring.ts';

/** A change of the keys is noticed within that time; the rest is for a busy machine. */
export const NOTICED = { timeout: KEYS_FRESH_MS + 8000 };

/** A new API key with these scopes. */
export function makeKey(
  { database }: { database: Database },
  ...scopes: Scope[]
): Promise<{ id: string; key: string }> {
  return createApiKey(database, { name: 'test', scopes });
}
