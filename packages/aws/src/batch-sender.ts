import { setTimeout as delay, setImmediate as nextTurn } from 'node:timers/promises';
import { SendMessageBatchCommand, type SendMessageBatchRequestEntry, type SQSClient } from '@aws-sdk/client-sqs';
import { backoffMs, withJitter } from '@rowferry/runtime';
import { SQS_BATCH_SIZE } from './queue-settings.ts';

/**
 * Bytes of all bodies in one SendMessageBatch: 1 MiB since August 2025, of which emulators know 256 KiB
 * (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html).
 */
const BATCH_BYTES = 256 * 1024;
/**
 * Requests on their way at the same time: many small ones, which take as long as the way to SQS, but of large ones no more
 * than keep SQS busy. Whoever receives from the same queue by the same emulator would wait behind them.
 */
const IN_FLIGHT = { requests: 8, bytes: 2 * BATCH_BYTES };
const RESEND_ATTEMPTS = 8;
const RESEND_BACKOFF = { baseMs: 200, capMs: 10_000 };

/** SQS refused a message for good, or did not take it in any of the attempts. */
export class SendError extends Error {
  override readonly name = 'SendError';
}

type Pending = { body: string; bytes: number };

/**
 * Sends messages to one queue, ten to a request and several requests in flight. `send` waits while all of them are
 * taken, so that whoever produces messages goes no faster than SQS takes them and memory stays bounded.
 */
export class BatchSender {
  readonly #client: SQSClient;
  readonly #queueUrl: string;
  readonly #inFlight = new Set<Promise<void>>();
  #batch: Pending[] = [];
  #batchBytes = 0;
  #bytesInFlight = 0;
  #failure: unknown;

  constructor(client: SQSClient, queueUrl: string) {
    this.#client = client;
    this.#queueUrl = queueUrl;
  }

  /** @throws SendError (or the SDK's error) of this or an earlier message; then not all earlier messages were sent. */
  async send(body: string): Promise<void> {
    const bytes = Buffer.byteLength(body);
    if (this.#batch.length > 0 && this.#batchBytes + bytes > BATCH_BYTES) await this.#dispatch();
    this.#batch.push({ body, bytes });
    this.#batchBytes += bytes;
    if (this.#batch.length === SQS_BATCH_SIZE) await this.#dispatch();
  }

  /** Sends what is left and waits until SQS has taken every message. @throws as `send` does. */
  async flush(): Promise<void> {
    if (this.#batch.length > 0) await this.#dispatch();
    await Promise.all(this.#inFlight);
    this.#throwFailure();
  }

  async #dispatch(): Promise<void> {
    const batch = this.#batch;
    const bytes = this.#batchBytes;
    this.#batch = [];
    this.#batchBytes = 0;
    while (!this.#hasRoomFor(bytes)) await Promise.race(this.#inFlight);
    this.#throwFailure();
    this.#bytesInFlight += bytes;
    const request = sendBatch(this.#client, this.#queueUrl, batch)
      .catch((error: unknown) => {
        this.#failure ??= error;
      })
      .finally(() => {
        this.#inFlight.delete(request);
        this.#bytesInFlight -= bytes;
      });
    this.#inFlight.add(request);
    // Who makes messages out of what is in memory never waits otherwise, and the request would not leave before they are done.
    await nextTurn();
  }

  #hasRoomFor(bytes: number): boolean {
    if (this.#inFlight.size === 0) return true;
    return this.#inFlight.size < IN_FLIGHT.requests && this.#bytesInFlight + bytes <= IN_FLIGHT.bytes;
  }

  #throwFailure(): void {
    if (this.#failure !== undefined) throw this.#failure;
  }
}

/** Sends one batch; entries that come back in `Failed` are sent again, only those, after a wait. */
async function sendBatch(client: SQSClient, queueUrl: string, batch: readonly Pending[]): Promise<void> {
  let entries: SendMessageBatchRequestEntry[] = batch.map(({ body }, index) => ({
    Id: String(index),
    MessageBody: body,
  }));
  for (let attempt = 1; ; attempt++) {
    const { Failed = [] } = await client.send(new SendMessageBatchCommand({ QueueUrl: queueUrl, Entries: entries }));
    if (Failed.length === 0) return;
    const refused = Failed.find((failed) => failed.SenderFault);
    if (refused) throw new SendError(`SQS refuses a message: ${refused.Code} ${refused.Message ?? ''}`);
    if (attempt === RESEND_ATTEMPTS)
      throw new SendError(`SQS did not take all messages in ${attempt} attempts: ${Failed[0]?.Code}`);
    const failed = new Set(Failed.map(({ Id }) => Id));
    entries = entries.filter(({ Id }) => failed.has(Id));
    await delay(withJitter(backoffMs(attempt, RESEND_BACKOFF)));
  }
}
