import { setTimeout as delay } from 'node:timers/promises';
import { connect, type Database } from '@rowferry/database';
import type { Journal } from './journal.ts';

const POLL_MS = 300;
const NOTE_MS = 5000;

/** How far the work is, asked of Postgres past all proxies; while Postgres is down, what it said last. */
export class Watch {
  readonly #database: Database;
  readonly #expected = new Map<string, number>();
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  readonly #journal: Journal;
  #recorded = new Map<string, number>();
  #noted = Date.now();

  constructor(databaseUrl: string, journal: Journal) {
    this.#journal = journal;
    this.#database = connect({ url: databaseUrl, poolMax: 1, onWarning: () => {} });
    this.#running = this.#poll();
  }

  /** From now on `rows` rows of this upload are awaited. */
  expect(uploadId: string, rows: number): void {
    this.#expected.set(uploadId, rows);
  }

  /** The uploads that are awaited, by id. */
  expected(): string[] {
    return [...this.#expected.keys()];
  }

  /** Rows that were sent and have no outcome yet. */
  outstanding(): number {
    const missing = [...this.#expected].map(([id, rows]) => Math.max(0, rows - (this.#recorded.get(id) ?? 0)));
    return missing.reduce((sum, rows) => sum + rows, 0);
  }

  untilBusy = async (): Promise<void> => {
    while (this.outstanding() === 0) await delay(POLL_MS);
  };

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.#database.destroy();
  }

  async #poll(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      try {
        const { rows } = await this.#database.raw<{ rows: { id: string; recorded: number }[] }>(
          'select id, recorded from upload_status',
        );
        this.#recorded = new Map(rows.map(({ id, recorded }) => [id, recorded]));
        this.#note();
      } catch {
        // Down on purpose; the next answer counts.
      }
      await delay(POLL_MS, undefined, { signal }).catch(() => {});
    }
  }

  /** For whoever looks for what went on when. */
  #note(): void {
    if (Date.now() < this.#noted + NOTE_MS) return;
    this.#noted = Date.now();
    const recorded = [...this.#recorded.values()].reduce((sum, rows) => sum + rows, 0);
    this.#journal.note('progress', { rows: recorded, outstanding: this.outstanding() });
  }
}
