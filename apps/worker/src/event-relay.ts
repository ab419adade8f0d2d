import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs, errorForLog, type Logger } from '@rowferry/runtime';

const SECOND = 1000;
/** Longest that an event waits while all is well. To look costs Postgres one probe of an index. */
const PAUSE_MS = SECOND;
const FAILURE_PAUSE = { baseMs: 2 * SECOND, capMs: 30 * SECOND };

export type EventRelaySettings = {
  /** Publishes all events that wait; at once when there are none, or when another process is at it. */
  relay: () => Promise<void>;
  logger: Logger;
};

/** Publishes events again and again: what a schedule does on AWS. */
export class EventRelay {
  readonly #settings: EventRelaySettings;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;
  /** Why publishing failed the last time, so that it is logged once. */
  #loggedReason: string | undefined;

  constructor(settings: EventRelaySettings) {
    this.#settings = settings;
    this.#running = this.#loop();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #loop(): Promise<void> {
    const { signal } = this.#stopping;
    for (let failures = 0; !signal.aborted; ) {
      failures = (await this.#publish()) ? 0 : failures + 1;
      const pause = failures === 0 ? PAUSE_MS : backoffMs(failures, FAILURE_PAUSE);
      await delay(pause, undefined, { signal }).catch(() => {});
    }
  }

  async #publish(): Promise<boolean> {
    const { relay, logger } = this.#settings;
    try {
      await relay();
      if (this.#loggedReason !== undefined) logger.info('events are published again');
      this.#loggedReason = undefined;
      return true;
    } catch (error) {
      const reason = errorForLog(error).message;
      if (reason !== this.#loggedReason)
        logger.warn({ err: error }, 'publishing events failed; they wait in the database');
      this.#loggedReason = reason;
      return false;
    }
  }
}
