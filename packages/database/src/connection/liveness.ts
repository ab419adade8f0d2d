import type { Client } from 'pg';

/** Longest that a pooled connection may take to answer before it is taken for dead. */
const PROBE_BOUND = 2000;

/** Knows when connections last answered, and asks those of which it is too long ago. */
export class Liveness {
  readonly #trustFor: number;
  readonly #answeredAt = new WeakMap<Client, number>();

  /** @param trustFor for how long after an answer a connection counts as good, in milliseconds; 0: ask each time. */
  constructor(trustFor: number) {
    this.#trustFor = trustFor;
  }

  /** pg says `drain` when the server has answered all that was sent. */
  watch(client: Client): void {
    if (this.#trustFor > 0) client.on('drain', () => this.#answeredAt.set(client, performance.now()));
  }

  /** True, or it throws. That pg knows of a lost connection, knex sees before it asks. */
  async check(client: Client): Promise<boolean> {
    const answeredAt = this.#answeredAt.get(client) ?? Number.NEGATIVE_INFINITY;
    if (performance.now() - answeredAt < this.#trustFor) return true;
    // `query_timeout` of a single query is in pg's documentation, not in its types.
    const probe = { text: 'select 1', query_timeout: PROBE_BOUND };
    await client.query(probe);
    return true;
  }
}
