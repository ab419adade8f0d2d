import { once } from 'node:events';
import type { Client } from 'pg';

declare module 'pg' {
  interface ClientBase {
    /** Whether the server has answered all that was sent. In pg, but not in its types. */
    readonly readyForQuery: boolean;
  }
}

/** A pooled connection that takes longer to answer counts as dead. */
const PROBE_TIMEOUT_MS = 2000;

/** Knows when connections last answered, and probes those whose last answer is too old. */
export class Liveness {
  readonly #trustForMs: number;
  readonly #answeredAt = new WeakMap<Client, number>();

  /** @param trustForMs for how long after an answer a connection counts as good, in milliseconds; 0: ask each time. */
  constructor(trustForMs: number) {
    this.#trustForMs = trustForMs;
  }

  /** pg says `drain` when the server has answered all that was sent. */
  watch(client: Client): void {
    if (this.#trustForMs > 0) client.on('drain', () => this.#answeredAt.set(client, performance.now()));
  }

  /** @returns true. @throws when the connection does not answer. knex itself drops connections that pg knows to be lost. */
  async check(client: Client): Promise<boolean> {
    const answeredAt = this.#answeredAt.get(client) ?? Number.NEGATIVE_INFINITY;
    if (performance.now() - answeredAt < this.#trustForMs) return true;
    if (!client.readyForQuery) return this.#waitForAnswer(client);
    // `query_timeout` of a single query is in pg's documentation, not in its types.
    const probe = { text: 'select 1', query_timeout: PROBE_TIMEOUT_MS };
    await client.query(probe);
    return true;
  }

  /**
   * Somebody waits no longer for a statement, and knex not for the ROLLBACK behind it. Nothing more is sent: pg warns of a third
   * statement on standard error, and its next major version does not take it.
   */
  async #waitForAnswer(client: Client): Promise<boolean> {
    await once(client, 'drain', { signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) });
    return true;
  }
}
