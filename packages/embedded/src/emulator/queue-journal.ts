import type { DatabaseSync } from 'node:sqlite';
import type { BodyFiles, BodyPlace } from './body-files.ts';
import type { SqsMessage, SqsQueue, SqsStore } from './fauxqs.ts';
import type { GroupCommit } from './group-commit.ts';
import { json, type MessageFacts, moveOldMessages, prepareQueueStatements } from './queue-rows.ts';
import { fromJsonText, type MessageRow, placeOf, storeBody, toJsonText } from './stored-body.ts';

/** Of a message in a queue: its row, and where its body is unless that is in the row. */
type Stored = { readonly id: number | bigint; place: BodyPlace | undefined };

/** A body that is read as late as it can be, to where it belongs. */
export type BodyReader = {
  readonly length: number;
  /** @returns the length */
  copy(target: Uint8Array, at: number): number;
};

/**
 * Keeps queues and messages on disk, write by write, in place of fauxqs's own persistence (the methods have its names).
 *
 * What fauxqs 2.4.1 does wrong and this does not: making a message visible at once (ChangeMessageVisibility 0) set a NOT
 * NULL column to null, which lost the message until a restart; a move to the dead-letter queue was two commits, so that a
 * kill between them lost the message; and making a queue anew in another region deleted all of its messages.
 *
 * Bodies stay on disk: `message.body` reads them. A file of 1 GiB whose rows wait in the queue would otherwise have to fit
 * into the heap.
 *
 * A message that was sent survives a power cut. That it was received, hidden or deleted survives a kill of this process, and
 * may be lost by a power cut: the message comes again then, as SQS has it, and with the receives that were on disk. So it may be
 * received a few times more before it goes to the dead-letter queue (docs/decisions/0029-bodies-of-queued-messages.md).
 */
export class QueueJournal {
  readonly #commits: GroupCommit;
  readonly #files: BodyFiles;
  readonly #statements;
  readonly #stored = new Map<string, Stored>();
  /** Deleted in this turn. A move to another queue is a deletion followed by an insertion of the same message. */
  readonly #deleted = new Set<string>();
  /** Bodies that a client sent, of messages that are about to be inserted. */
  readonly #sent = new WeakMap<SqsMessage, Uint8Array>();
  #isDequeuing = false;

  constructor(database: DatabaseSync, commits: GroupCommit, files: BodyFiles) {
    this.#commits = commits;
    this.#files = files;
    moveOldMessages(database, files);
    this.#statements = prepareQueueStatements(database);
    commits.beforeCommit(() => this.#finishTurn());
  }

  /** Fills `store` with what is on disk, gives each queue the URL that `urlOf` makes of its name, and follows it from then on. */
  load(store: SqsStore, urlOf: (name: string) => string): void {
    for (const row of this.#statements.loadQueues.all()) {
      const name = String(row.name);
      const queue = store.createQueue(name, urlOf(name), String(row.arn), json(row.attributes), json(row.tags));
      const times = { createdTimestamp: Number(row.created), lastModifiedTimestamp: Number(row.modified) };
      Object.assign(queue, times, { sequenceCounter: Number(row.sequence) });
      for (const message of this.#statements.loadMessages.iterate(name)) this.#restore(queue, message);
      this.#follow(queue);
    }
    this.#files.removeUnused();
    Object.assign(store, { persistence: this });
  }

  /** Puts a message into `queue` whose body is this text of JSON, without its quotes. */
  enqueue(queue: SqsQueue, message: SqsMessage, body: Uint8Array): void {
    this.#sent.set(message, body);
    queue.enqueue(message);
    // The message outlives the request, whose buffer is used again.
    this.#sent.delete(message);
  }

  /** The body of a message in a queue, as the text of JSON that stands between the quotes. Undefined when it is gone. */
  bodyOf({ messageId }: SqsMessage): BodyReader | undefined {
    const stored = this.#stored.get(messageId);
    if (stored === undefined) return undefined;
    const { id, place } = stored;
    if (place !== undefined) return { length: place.length, copy: (target, at) => this.#files.read(place, target, at) };
    const body = this.#statements.readBody.get(id)?.body;
    return body instanceof Uint8Array ? Buffer.from(body.buffer, body.byteOffset, body.length) : undefined;
  }

  insertQueue(queue: SqsQueue): void {
    this.#commits.begin();
    const { name, arn, attributes, tags, createdTimestamp, lastModifiedTimestamp, sequenceCounter } = queue;
    const texts = [JSON.stringify(attributes), JSON.stringify(Object.fromEntries(tags))] as const;
    this.#statements.insertQueue.run(name, arn, ...texts, createdTimestamp, lastModifiedTimestamp, sequenceCounter);
    this.#follow(queue);
  }

  deleteQueue(name: string): void {
    this.deleteQueueMessages(name);
    this.#statements.deleteQueue.run(name);
  }

  updateQueueAttributes(name: string, attributes: Record<string, string>, modified: number): void {
    this.#commits.begin();
    this.#statements.updateQueue.run(JSON.stringify(attributes), modified, name);
  }

  updateQueueSequenceCounter(name: string, counter: number): void {
    this.#commits.begin();
    this.#statements.updateSequence.run(counter, name);
  }

  insertMessage(queueName: string, message: SqsMessage): void {
    this.#commits.begin();
    const moved = this.#deleted.delete(message.messageId) ? this.#stored.get(message.messageId) : undefined;
    if (moved !== undefined) {
      // A dead letter stays for long, and would keep the whole file of its body.
      const body = bytesOf(this.bodyOf(message));
      this.#statements.moveMessage.run(queueName, message.approximateReceiveCount, body, moved.id);
      if (moved.place !== undefined) this.#files.release(moved.place);
      moved.place = undefined;
      return;
    }
    const { columns, place } = storeBody(this.#files, this.#sent.get(message) ?? toJsonText(message.body));
    const { messageId, body: _, approximateReceiveCount, approximateFirstReceiveTimestamp, ...facts } = message;
    const counts = [approximateReceiveCount, approximateFirstReceiveTimestamp ?? null] as const;
    const { lastInsertRowid: id } = this.#statements.insertMessage.run(
      ...([messageId, queueName, JSON.stringify(facts), ...columns, ...counts] as const),
    );
    this.#stored.set(messageId, { id, place });
    this.#leaveBodyOnDisk(message);
  }

  deleteMessage(messageId: string): void {
    this.#commits.begin('written');
    this.#deleted.add(messageId);
  }

  updateMessageInflight(id: string, receiptHandle: string, visibleAt: number, receives: number, first?: number): void {
    this.#commits.begin('written');
    this.#statements.updateInflight.run(receiptHandle, visibleAt, receives, first ?? null, this.#idOf(id));
  }

  updateMessageReady(messageId: string): void {
    this.#commits.begin('written');
    this.#statements.updateReady.run(this.#idOf(messageId));
  }

  /** Not of fauxqs: the message was handed to nobody, so that receive does not count. */
  updateReceiveCount(messageId: string, receives: number): void {
    this.#commits.begin('written');
    this.#statements.updateReceiveCount.run(receives, this.#idOf(messageId));
  }

  deleteQueueMessages(queueName: string): void {
    this.#commits.begin();
    this.#deletePending();
    for (const { message_id: messageId } of this.#statements.messageIds.all(queueName)) this.#delete(String(messageId));
  }

  #idOf(messageId: string): number | bigint {
    return this.#stored.get(messageId)?.id ?? -1;
  }

  #finishTurn(): void {
    this.#deletePending();
    this.#files.sync();
    for (const file of this.#files.takeEmptied()) this.#commits.afterCommit(() => this.#files.remove(file));
  }

  #deletePending(): void {
    for (const messageId of this.#deleted) this.#delete(messageId);
    this.#deleted.clear();
  }

  #delete(messageId: string): void {
    const stored = this.#stored.get(messageId);
    if (stored === undefined) return;
    this.#statements.deleteMessage.run(stored.id);
    if (stored.place !== undefined) this.#files.release(stored.place);
    this.#stored.delete(messageId);
  }

  #restore(queue: SqsQueue, row: MessageRow): void {
    const facts: MessageFacts = json(row.facts);
    const firstReceived = row.first_received;
    const message: SqsMessage = {
      ...facts,
      messageId: String(row.message_id),
      body: '',
      approximateReceiveCount: Number(row.receive_count),
      ...(firstReceived === null ? {} : { approximateFirstReceiveTimestamp: Number(firstReceived) }),
    };
    const place = placeOf(row);
    if (place !== undefined) this.#files.keep(place);
    this.#stored.set(message.messageId, { id: Number(row.id), place });
    this.#leaveBodyOnDisk(message);
    const receiptHandle = row.receipt_handle;
    const visibilityDeadline = Number(row.visible_at);
    if (typeof receiptHandle !== 'string' || visibilityDeadline <= Date.now()) {
      // The queue does not follow its journal yet, so this only puts the message where it belongs in memory.
      queue.enqueue(message);
      return;
    }
    queue.inflightMessages.set(receiptHandle, { message, receiptHandle, visibilityDeadline });
    const group = message.messageGroupId;
    if (group !== undefined && queue.isFifo())
      queue.fifoLockedGroups.set(group, (queue.fifoLockedGroups.get(group) ?? 0) + 1);
  }

  /** What `queue` hands out has no bodies: whoever answers reads them from disk as they are to be sent. */
  #follow(queue: SqsQueue): void {
    const dequeue = queue.dequeue.bind(queue);
    queue.dequeue = (...args) => {
      this.#isDequeuing = true;
      try {
        return dequeue(...args);
      } finally {
        this.#isDequeuing = false;
      }
    };
    Object.assign(queue, { persistence: this });
  }

  #leaveBodyOnDisk(message: SqsMessage): void {
    Object.defineProperty(message, 'body', {
      enumerable: true,
      get: () => (this.#isDequeuing ? '' : fromJsonText(bytesOf(this.bodyOf(message)))),
    });
  }
}

function bytesOf(body: BodyReader | undefined): Buffer {
  const bytes = Buffer.alloc(body?.length ?? 0);
  body?.copy(bytes, 0);
  return bytes;
}
