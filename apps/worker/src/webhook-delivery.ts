import { setTimeout as delay } from 'node:timers/promises';
import { backoffMs } from '@rowferry/runtime';
import { dispatchDue, recordAnswer, type WebhookSettings } from '@rowferry/webhook-lambda';
import { type AttemptRequest, type SenderSettings, sendAttempt } from '@rowferry/webhooks';

const SECOND = 1000;
/** How often is looked for what is due though no message said so: what was replayed, and what waits for long. */
const SWEEP_MS = 5 * SECOND;
const FAILURE_PAUSE = { baseMs: SWEEP_MS, capMs: 60 * SECOND };

export type WebhookDeliverySettings = Omit<WebhookSettings, 'dispatch'> & { sender: SenderSettings; sweepMs?: number };

/**
 * Makes the attempts of webhooks in this process: what a function, its queues and a schedule do on AWS. How many are made at the same
 * time, of one host and of all, is the database's to say.
 */
export class WebhookDelivery {
  readonly #settings: WebhookDeliverySettings;
  readonly #stopping = new AbortController();
  readonly #attempts = new Set<Promise<void>>();
  readonly #sweeping: Promise<void>;

  constructor(settings: WebhookDeliverySettings) {
    this.#settings = settings;
    this.#sweeping = this.#sweep();
  }

  /** Begins the attempts and does not wait for their end. When it is being stopped, they are left to others, or to the next start. */
  readonly dispatch = async (requests: readonly AttemptRequest[]): Promise<void> => {
    if (this.#stopping.signal.aborted) return;
    for (const request of requests) {
      const attempt: Promise<void> = this.#attempt(request)
        .catch((err: unknown) => {
          const { deliveryId } = request;
          this.#settings.logger.warn({ deliveryId, err }, 'the answer of a webhook was not recorded; trying again');
        })
        .finally(() => this.#attempts.delete(attempt));
      this.#attempts.add(attempt);
    }
  };

  /** Begins no more attempts, and waits for those that are under way. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#sweeping;
    await Promise.all(this.#attempts);
  }

  async #attempt(request: AttemptRequest): Promise<void> {
    await recordAnswer(this.#settings, await sendAttempt(request, this.#settings.sender));
    await this.#dispatchDue();
  }

  async #dispatchDue(): Promise<void> {
    if (!this.#stopping.signal.aborted) await dispatchDue({ ...this.#settings, dispatch: this.dispatch });
  }

  async #sweep(): Promise<void> {
    const { logger, sweepMs = SWEEP_MS } = this.#settings;
    const { signal } = this.#stopping;
    for (let failures = 0; !signal.aborted; ) {
      try {
        await this.#dispatchDue();
        failures = 0;
      } catch (err) {
        if (failures++ === 0) logger.warn({ err }, 'due webhooks could not be looked for; trying again');
      }
      const pause = failures === 0 ? sweepMs : backoffMs(failures, FAILURE_PAUSE);
      await delay(pause, undefined, { signal }).catch(() => {});
    }
  }
}
