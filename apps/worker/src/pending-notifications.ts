import { setTimeout as delay } from 'node:timers/promises';

/** Ids that arrived since the last `take`, each once. An arrival ends `wait`. */
export class PendingNotifications {
  #ids = new Set<string>();
  #arrival = new AbortController();

  add(id: string): void {
    this.#ids.add(id);
    this.#arrival.abort();
  }

  /** All that arrived; they are no longer pending. */
  take(): Iterable<string> {
    const ids = this.#ids;
    this.#ids = new Set();
    this.#arrival = new AbortController();
    return ids;
  }

  /** Waits for an arrival, but no longer than so many milliseconds, nor than `signal` says. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    await delay(ms, undefined, { signal: AbortSignal.any([signal, this.#arrival.signal]) }).catch(() => {});
  }
}
