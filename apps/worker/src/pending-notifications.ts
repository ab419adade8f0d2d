import { setTimeout as delay } from 'node:timers/promises';

/** What was heard of since somebody last asked, each thing once. Whoever waits for the next look can be woken by it. */
export class PendingNotifications {
  #heard = new Set<string>();
  #arrival = new AbortController();

  add(id: string): void {
    this.#heard.add(id);
    this.#arrival.abort();
  }

  /** All that was heard of; it is news no more. */
  take(): Iterable<string> {
    const heard = this.#heard;
    this.#heard = new Set();
    this.#arrival = new AbortController();
    return heard;
  }

  /** Until there is news, but no longer than so many milliseconds, nor than `signal` says. */
  async wait(ms: number, signal: AbortSignal): Promise<void> {
    await delay(ms, undefined, { signal: AbortSignal.any([signal, this.#arrival.signal]) }).catch(() => {});
  }
}
