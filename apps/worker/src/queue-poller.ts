import { setTimeout as delay } from 'node:timers/promises';
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import { SQS_BATCH_SIZE, VISIBILITY_TIMEOUT_SECONDS } from '@rowferry/aws';
import { backoffMs, type Logger } from '@rowferry/runtime';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { Gatherer, type GatherLimits, type ReceiveBatch } from './gather.ts';
import { toSqsRecord } from './sqs-event.ts';

const HEARTBEAT_MS = (VISIBILITY_TIMEOUT_SECONDS * 1000) / 3;
/**
 * Pause after an invocation in which every message failed: what is unavailable gets time to come back, and messages do not
 * use up their receives meanwhile. Without jitter, which would halve the pauses: the loops of one poller fail one by one.
 */
const FAILURE_PAUSE = { baseMs: 500, capMs: 30_000 };
/** Longest that a stop waits for invocations in flight before their messages go back to the queue. */
const STOP_TIMEOUT_MS = 20_000;

export type QueueHandler = (event: SQSEvent) => Promise<SQSBatchResponse>;

export type QueuePollerSettings = GatherLimits & {
  sqs: SQSClient;
  queueUrl: string;
  handler: QueueHandler;
  /** Invocations of the handler at the same time. */
  concurrency: number;
  logger: Logger;
};

/**
 * What Lambda's event source mapping does on AWS: receives messages, calls the handler with them, deletes those that
 * the handler did not report in `batchItemFailures`. A message whose handler throws, or whose process dies, comes
 * again when its visibility time-out is over.
 */
export class QueuePoller {
  readonly #settings: QueuePollerSettings;
  readonly #stopping = new AbortController();
  readonly #loops: Promise<void>[];
  readonly #inFlight = new Set<readonly Message[]>();
  #failuresInARow = 0;
  /** Why the last receive failed: that the queue is unavailable is logged once, and that it is back. */
  #unavailableReason: string | undefined;

  constructor(settings: QueuePollerSettings) {
    this.#settings = settings;
    this.#loops = Array.from({ length: settings.concurrency }, () => this.#loop());
  }

  /**
   * Receives no more and waits for the invocations in flight, up to `STOP_TIMEOUT_MS`; the messages of those that have not
   * ended by then go back to the queue at once.
   */
  async stop(): Promise<void> {
    this.#stopping.abort();
    const grace = new AbortController();
    const ended = Promise.all(this.#loops).then(() => grace.abort());
    await Promise.race([ended, delay(STOP_TIMEOUT_MS, undefined, { signal: grace.signal }).catch(() => {})]);
    await Promise.all([...this.#inFlight].map((messages) => this.#hide(messages, 0)));
  }

  async #loop(): Promise<void> {
    const { logger, queueUrl } = this.#settings;
    const { signal } = this.#stopping;
    const gatherer = new Gatherer(this.#receive, this.#settings);
    while (!signal.aborted) {
      try {
        const messages = await gatherer.next().catch((error: unknown) => {
          throw new ReceiveError(error);
        });
        this.#noteAvailable();
        const succeeded = messages.length === 0 || (await this.#invoke(messages));
        this.#failuresInARow = succeeded ? 0 : this.#failuresInARow + 1;
      } catch (error) {
        if (signal.aborted) return;
        this.#failuresInARow++;
        if (error instanceof ReceiveError) this.#noteUnavailable(error.reason);
        else logger.warn({ queueUrl, err: error }, 'handling messages failed; retrying');
      }
      await this.#pauseAfterFailure();
    }
  }

  #noteUnavailable(reason: string): void {
    const { logger, queueUrl } = this.#settings;
    if (reason !== this.#unavailableReason) logger.warn({ queueUrl, reason }, 'queue unavailable; retrying');
    this.#unavailableReason = reason;
  }

  #noteAvailable(): void {
    const { logger, queueUrl } = this.#settings;
    if (this.#unavailableReason !== undefined) logger.info({ queueUrl }, 'queue available again');
    this.#unavailableReason = undefined;
  }

  async #pauseAfterFailure(): Promise<void> {
    if (this.#failuresInARow === 0) return;
    await delay(backoffMs(this.#failuresInARow, FAILURE_PAUSE), undefined, { signal: this.#stopping.signal }).catch(
      () => {},
    );
  }

  readonly #receive: ReceiveBatch = async (waitSeconds) => {
    const { sqs, queueUrl, messagesPerReceive } = this.#settings;
    const command = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: messagesPerReceive,
      WaitTimeSeconds: waitSeconds,
      VisibilityTimeout: VISIBILITY_TIMEOUT_SECONDS,
      MessageSystemAttributeNames: ['All'],
      // Emulators older than MessageSystemAttributeNames know this one.
      AttributeNames: ['All'],
    });
    const { Messages = [] } = await sqs.send(command, { abortSignal: this.#stopping.signal });
    return Messages;
  };

  /** @returns whether any of the messages was handled. */
  async #invoke(messages: readonly Message[]): Promise<boolean> {
    const { handler, queueUrl } = this.#settings;
    this.#inFlight.add(messages);
    const heartbeat = setInterval(() => void this.#hide(messages, VISIBILITY_TIMEOUT_SECONDS), HEARTBEAT_MS);
    try {
      const { batchItemFailures } = await handler({
        Records: messages.map((message) => toSqsRecord(message, queueUrl)),
      });
      const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      const handled = messages.filter(({ MessageId }) => !failed.has(MessageId ?? ''));
      await this.#delete(handled);
      return handled.length > 0;
    } finally {
      clearInterval(heartbeat);
      this.#inFlight.delete(messages);
    }
  }

  async #delete(messages: readonly Message[]): Promise<void> {
    const { sqs, queueUrl } = this.#settings;
    await Promise.all(
      inBatches(messages).map((batch) =>
        sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queueUrl, Entries: toEntries(batch) })),
      ),
    );
  }

  /** Hides messages in flight for so long from now; 0 gives them back to the queue. */
  async #hide(messages: readonly Message[], seconds: number): Promise<void> {
    const { sqs, queueUrl, logger } = this.#settings;
    try {
      for (const batch of inBatches(messages)) {
        const Entries = toEntries(batch).map((entry) => ({ ...entry, VisibilityTimeout: seconds }));
        await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
      }
    } catch (error) {
      logger.warn({ queueUrl, seconds, err: error }, 'changing the visibility of messages failed');
    }
  }
}

class ReceiveError extends Error {
  readonly reason: string;

  constructor(cause: unknown) {
    super('receive failed', { cause });
    this.reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
  }
}

function inBatches(messages: readonly Message[]): Message[][] {
  const count = Math.ceil(messages.length / SQS_BATCH_SIZE);
  return Array.from({ length: count }, (_, index) =>
    messages.slice(index * SQS_BATCH_SIZE, (index + 1) * SQS_BATCH_SIZE),
  );
}

function toEntries(messages: readonly Message[]) {
  return messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
}
