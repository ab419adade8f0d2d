import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { SqsMessage, SqsQueue, SqsStore } from './fauxqs.ts';
import type { GroupCommit } from './group-commit.ts';

type Row = Record<string, SQLOutputValue>;

/** What of a message never changes, save its body. */
type Facts = Omit<SqsMessage, 'messageId' | 'body' | 'approximateReceiveCount' | 'approximateFirstReceiveTimestamp'>;

/**
 * Keeps queues and messages on disk, write by write, in place of fauxqs's own persistence (the methods have its names).
 *
 * What fauxqs 2.4.1 does wrong and this does not: making a message visible at once (ChangeMessageVisibility 0) set a NOT
 * NULL column to null, which lost the message until a restart; a move to the dead-letter queue was two commits, so that a
 * kill between them lost the message; and making a queue anew in another region deleted all of its messages.
 *
 * Bodies stay on disk: `message.body` reads them when a message is received. A file of 1 GiB whose rows wait in the
 * queue would otherwise have to fit into the heap.
 */
export class QueueJournal {
  readonly #commits: GroupCommit;
  readonly #statements;
  /** Deleted in this turn. A move to another queue is a deletion followed by an insertion of the same message. */
  readonly #deleted = new Set<string>();

  constructor(database: DatabaseSync, commits: GroupCommit) {
    this.#commits = commits;
    this.#statements = prepare(database);
    commits.beforeCommit(() => this.#deletePending());
  }

  /** Fills `store` with what is on disk, gives each queue the URL that `urlOf` makes of its name, and follows it from then on. */
  load(store: SqsStore, urlOf: (name: string) => string): void {
    for (const row of this.#statements.loadQueues.all()) {
      const name = String(row.name);
      const queue = store.createQueue(name, urlOf(name), String(row.arn), json(row.attributes), json(row.tags));
      const times = { createdTimestamp: Number(row.created), lastModifiedTimestamp: Number(row.modified) };
      Object.assign(queue, times, { sequenceCounter: Number(row.sequence) });
      for (const message of this.#statements.loadMessages.iterate(name)) this.#restore(queue, message);
      Object.assign(queue, { persistence: this });
    }
    Object.assign(store, { persistence: this });
  }

  insertQueue(queue: SqsQueue): void {
    this.#commits.begin();
    const { name, arn, attributes, tags, createdTimestamp, lastModifiedTimestamp, sequenceCounter } = queue;
    const texts = [JSON.stringify(attributes), JSON.stringify(Object.fromEntries(tags))] as const;
    this.#statements.insertQueue.run(name, arn, ...texts, createdTimestamp, lastModifiedTimestamp, sequenceCounter);
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
    const { messageId, body, approximateReceiveCount, approximateFirstReceiveTimestamp, ...facts } = message;
    if (this.#deleted.delete(messageId)) {
      this.#statements.moveMessage.run(queueName, approximateReceiveCount, messageId);
      return;
    }
    const counts = [approximateReceiveCount, approximateFirstReceiveTimestamp ?? null] as const;
    this.#statements.insertMessage.run(messageId, queueName, body, JSON.stringify(facts), ...counts);
    this.#leaveBodyOnDisk(message);
  }

  deleteMessage(messageId: string): void {
    this.#commits.begin();
    this.#deleted.add(messageId);
  }

  updateMessageInflight(id: string, receiptHandle: string, visibleAt: number, receives: number, first?: number): void {
    this.#commits.begin();
    this.#statements.updateInflight.run(receiptHandle, visibleAt, receives, first ?? null, id);
  }

  updateMessageReady(messageId: string): void {
    this.#commits.begin();
    this.#statements.updateReady.run(messageId);
  }

  /** Not of fauxqs: the message was handed to nobody, so that receive does not count. */
  updateReceiveCount(messageId: string, receives: number): void {
    this.#commits.begin();
    this.#statements.updateReceiveCount.run(receives, messageId);
  }

  deleteQueueMessages(queueName: string): void {
    this.#commits.begin();
    this.#deletePending();
    this.#statements.deleteQueueMessages.run(queueName);
  }

  #deletePending(): void {
    for (const messageId of this.#deleted) this.#statements.deleteMessage.run(messageId);
    this.#deleted.clear();
  }

  #restore(queue: SqsQueue, row: Row): void {
    const facts: Facts = json(row.facts);
    const firstReceived = row.first_received;
    const message: SqsMessage = {
      ...facts,
      messageId: String(row.message_id),
      body: '',
      approximateReceiveCount: Number(row.receive_count),
      ...(firstReceived === null ? {} : { approximateFirstReceiveTimestamp: Number(firstReceived) }),
    };
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

  #leaveBodyOnDisk(message: SqsMessage): void {
    const readBody = this.#statements.readBody;
    Object.defineProperty(message, 'body', {
      enumerable: true,
      get: () => String(readBody.get(message.messageId)?.body),
    });
  }
}

function prepare(database: DatabaseSync) {
  const newMessage = 'message_id, queue_name, body, facts, receive_count, first_received';
  return {
    loadQueues: database.prepare('select * from queues order by rowid'),
    insertQueue: database.prepare('insert into queues values (?, ?, ?, ?, ?, ?, ?)'),
    deleteQueue: database.prepare('delete from queues where name = ?'),
    updateQueue: database.prepare('update queues set attributes = ?, modified = ? where name = ?'),
    updateSequence: database.prepare('update queues set sequence = ? where name = ?'),
    loadMessages: database.prepare(
      'select message_id, facts, receive_count, first_received, receipt_handle, visible_at from messages where queue_name = ? order by rowid',
    ),
    insertMessage: database.prepare(`insert into messages (${newMessage}) values (?, ?, ?, ?, ?, ?)`),
    moveMessage: database.prepare(
      'update messages set queue_name = ?, receive_count = ?, receipt_handle = null, visible_at = null where message_id = ?',
    ),
    deleteMessage: database.prepare('delete from messages where message_id = ?'),
    deleteQueueMessages: database.prepare('delete from messages where queue_name = ?'),
    updateInflight: database.prepare(
      'update messages set receipt_handle = ?, visible_at = ?, receive_count = ?, first_received = ? where message_id = ?',
    ),
    updateReady: database.prepare('update messages set receipt_handle = null, visible_at = null where message_id = ?'),
    updateReceiveCount: database.prepare('update messages set receive_count = ? where message_id = ?'),
    readBody: database.prepare('select body from messages where message_id = ?'),
  };
}

function json<Value>(text: SQLOutputValue | undefined): Value {
  return JSON.parse(String(text));
}
