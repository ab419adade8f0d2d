import { type ApiKeyRecord, type Database, isDatabaseUnavailable, listApiKeys } from '@rowferry/database';
import pTimeout, { TimeoutError } from 'p-timeout';
import { cachedFor } from '../http/ttl-cache.ts';

/** Longest that a change of the keys goes unnoticed, in milliseconds: a new first key, a revoked one. */
export const KEYS_FRESH_MS = 2000;

/** Longest that Postgres may take to answer when there are keys that it answered before, in milliseconds. */
const ANSWER_TIMEOUT_MS = 2000;

type Keys = Map<string, ApiKeyRecord>;

/**
 * The API keys, asked of Postgres at most every `KEYS_FRESH_MS`, however many requests there are. While it is unavailable
 * the last ones count: all that can be done without Postgres is to see how this process is doing, as who runs it then must.
 */
export class KeyRing {
  readonly #database: Database;
  #keys = cachedFor(KEYS_FRESH_MS, () => this.#load());
  #known: Keys | undefined;

  constructor(database: Database) {
    this.#database = database;
  }

  /** The key with this id, if it was not revoked. @throws when the database is unavailable and was since the start. */
  async find(id: string): Promise<ApiKeyRecord | undefined> {
    const key = (await this.#keys()).get(id);
    return key?.revoked_at === null ? key : undefined;
  }

  /** Whether no key was ever made. @throws when the database is unavailable and was since the start. */
  async isEmpty(): Promise<boolean> {
    return (await this.#keys()).size === 0;
  }

  /** To be told of a change of the keys: the next request asks Postgres. */
  forget(): void {
    this.#keys = cachedFor(KEYS_FRESH_MS, () => this.#load());
  }

  async #load(): Promise<Keys> {
    if (this.#known === undefined) return this.#ask();
    try {
      return await pTimeout(this.#ask(), { milliseconds: ANSWER_TIMEOUT_MS });
    } catch (error) {
      if (isDatabaseUnavailable(error) || error instanceof TimeoutError) return this.#known;
      throw error;
    }
  }

  async #ask(): Promise<Keys> {
    const keys = await listApiKeys(this.#database);
    this.#known = new Map(keys.map((key) => [key.id, key]));
    return this.#known;
  }
}
