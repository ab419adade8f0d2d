import { type ApiKeyRecord, type Database, isDatabaseUnavailable, listApiKeys } from '@rowferry/database';
import { withTimeout } from '../http/with-timeout.ts';

/** Longest that a change of the keys goes unnoticed, in milliseconds: a new first key, a revoked one. */
export const KEYS_FRESH_MS = 2000;

/** Longest that Postgres may take to answer when there are keys that it answered before, in milliseconds. */
const ANSWER_BOUND_MS = 2000;

/**
 * The API keys, asked of Postgres at most every `KEYS_FRESH_MS`, however many requests there are. While it is away the
 * last ones count: all that can be done without Postgres is to see how this process is doing, as who runs it then must.
 */
export class KeyRing {
  readonly #database: Database;
  #known: Map<string, ApiKeyRecord> | undefined;
  #loaded: { keys: Promise<Map<string, ApiKeyRecord>>; at: number } | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The key with this id, if it was not revoked. @throws when the database is away and was since the start. */
  async find(id: string): Promise<ApiKeyRecord | undefined> {
    const key = (await this.#keys()).get(id);
    return key?.revoked_at === null ? key : undefined;
  }

  /** Whether no key was ever made. @throws when the database is away and was since the start. */
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
      this.#known = await (this.#known === undefined ? this.#ask() : withTimeout(this.#ask(), timeout()));
      return this.#known;
    } catch (error) {
      if (this.#known !== undefined && (isDatabaseUnavailable(error) || isTimeout(error))) return this.#known;
      this.#loaded = undefined;
      throw error;
    }
  }

  async #ask(): Promise<Map<string, ApiKeyRecord>> {
    const keys = await listApiKeys(this.#database);
    return new Map(keys.map((key) => [key.id, key]));
  }
}

function timeout(): AbortSignal {
  return AbortSignal.timeout(ANSWER_BOUND_MS);
}

function isTimeout(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'TimeoutError';
}
