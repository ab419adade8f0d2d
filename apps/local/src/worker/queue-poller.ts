import { setTimeout as delay } from 'node:timers/promises';
import {
  ChangeMessageVisibilityBatchCommand,
  DeleteMessageBatchCommand,
  type Message,
  ReceiveMessageCommand,
  type SQSClient,
} from '@aws-sdk/client-sqs';
import type { Logger } from '@rowferry/runtime';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { toSqsRecord } from './sqs-event.ts';

/** Messages in one SQS batch request. */
const BATCH_MESSAGES = 10;
/** Longest that SQS holds a receive open. */
const WAIT_SECONDS = 20;
/** Seconds for which a received message is hidden; renewed while its handler runs. */
export const VISIBILITY_SECONDS = 30;
const HEARTBEAT_MS = (VISIBILITY_SECONDS * 1000) / 3;
const ERROR_PAUSE_MS = 1000;

export type QueueHandler = (event: SQSEvent) => Promise<SQSBatchResponse>;

export type QueuePollerSettings = {
  sqs: SQSClient;
  queueUrl: string;
  handler: QueueHandler;
  /** Invocations of the handler at the same time. */
  concurrency: number;
  /** Messages taken by one receive, 1 to 10. */
  messagesPerReceive: number;
  /** Messages given to one invocation at most. */
  messagesPerInvocation: number;
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

  constructor(settings: QueuePollerSettings) {
    this.#settings = settings;
    this.#loops = Array.from({ length: settings.concurrency }, () => this.#loop());
  }

  /** Receives no more and waits for the invocations in flight. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.all(this.#loops);
  }

  async #loop(): Promise<void> {
    const { logger, queueUrl } = this.#settings;
    while (!this.#stopping.signal.aborted) {
      try {
        const messages = await this.#receive();
        if (messages.length > 0) await this.#invoke(messages);
      } catch (error) {
        if (this.#stopping.signal.aborted) return;
        logger.warn({ queueUrl, err: error }, 'polling failed; trying again');
        await delay(ERROR_PAUSE_MS);
      }
    }
  }

  /** Waits for messages; while full batches come at once, takes more, up to what one invocation gets. */
  async #receive(): Promise<Message[]> {
    const { messagesPerReceive, messagesPerInvocation } = this.#settings;
    const messages = await this.#receiveBatch(WAIT_SECONDS);
    let full = messages.length === messagesPerReceive;
    while (full && messages.length + messagesPerReceive <= messagesPerInvocation) {
      const more = await this.#receiveBatch(0);
      messages.push(...more);
      full = more.length === messagesPerReceive;
    }
    return messages;
  }

  async #receiveBatch(waitSeconds: number): Promise<Message[]> {
    const { sqs, queueUrl, messagesPerReceive } = this.#settings;
    const command = new ReceiveMessageCommand({
      QueueUrl: queueUrl,
      MaxNumberOfMessages: messagesPerReceive,
      WaitTimeSeconds: waitSeconds,
      VisibilityTimeout: VISIBILITY_SECONDS,
      MessageSystemAttributeNames: ['All'],
      // Emulators older than MessageSystemAttributeNames know this one.
      AttributeNames: ['All'],
    });
    const { Messages = [] } = await sqs.send(command, { abortSignal: this.#stopping.signal });
    return Messages;
  }

  async #invoke(messages: readonly Message[]): Promise<void> {
    const { handler, queueUrl } = this.#settings;
    const heartbeat = setInterval(() => void this.#renew(messages), HEARTBEAT_MS);
    try {
      const { batchItemFailures } = await handler({
        Records: messages.map((message) => toSqsRecord(message, queueUrl)),
      });
      const failed = new Set(batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      await this.#delete(messages.filter(({ MessageId }) => !failed.has(MessageId ?? '')));
    } finally {
      clearInterval(heartbeat);
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

  async #renew(messages: readonly Message[]): Promise<void> {
    const { sqs, queueUrl, logger } = this.#settings;
    try {
      for (const batch of inBatches(messages)) {
        const Entries = toEntries(batch).map((entry) => ({ ...entry, VisibilityTimeout: VISIBILITY_SECONDS }));
        await sqs.send(new ChangeMessageVisibilityBatchCommand({ QueueUrl: queueUrl, Entries }));
      }
    } catch (error) {
      logger.warn({ queueUrl, err: error }, 'messages in work could not be kept hidden');
    }
  }
}

function inBatches(messages: readonly Message[]): Message[][] {
  const count = Math.ceil(messages.length / BATCH_MESSAGES);
  return Array.from({ length: count }, (_, index) =>
    messages.slice(index * BATCH_MESSAGES, (index + 1) * BATCH_MESSAGES),
  );
}

function toEntries(messages: readonly Message[]) {
  return messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
}
