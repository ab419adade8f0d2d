import { type ApiKeyRecord, type Database, listApiKeys } from '@rowferry/database';

/** Longest that a change of the keys goes unnoticed, in milliseconds: a new first key, a revoked one. */
export const KEYS_FRESH_MS = 2000;

/** The API keys, asked of Postgres at most every `KEYS_FRESH_MS`, however many requests there are. */
export class KeyRing {
  readonly #database: Database;
  #loaded: { keys: Promise<Map<string, ApiKeyRecord>>; at: number } | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The key with this id, if it was not revoked. @throws when the database is away. */
  async find(id: string): Promise<ApiKeyRecord | undefined> {
    const key = (await this.#keys()).get(id);
    return key?.revoked_at === null ? key : undefined;
  }

  /** Whether no key was ever made. @throws when the database is away. */
  async isEmpty(): Promise<boolean> {
    return (await this.#keys()).size === 0;
  }

  #keys(): Promise<Map<string, ApiKeyRecord>> {
    const now = performance.now();
    if (this.#loaded !== undefined && now - this.#loaded.at < KEYS_FRESH_MS) return this.#loaded.keys;
    const keys = this.#load();
    this.#loaded = { keys, at: now };
    return keys;
  }

  async #load(): Promise<Map<string, ApiKeyRecord>> {
    try {
      const keys = await listApiKeys(this.#database);
      return new Map(keys.map((key) => [key.id, key]));
    } catch (error) {
      this.#loaded = undefined;
      throw error;
    }
  }
}
