import type { DatabaseSync } from 'node:sqlite';

/** The writes that the next fsync is for. */
type Group = PromiseWithResolvers<void> & { readonly callbacks: (() => void)[] };

/**
 * Commits the writes of all requests that are handled in one turn of the event loop together, and lets all commits that
 * were made while one fsync was under way share the next. A write calls `begin()` first; an answer is held back until
 * `settled()`. So nothing is answered that a kill or a power cut could undo, and what one handler writes in one go (a
 * move to the dead-letter queue) is atomic.
 *
 * `sync` puts commits on the disk without blocking this thread. With SQLite's own synchronous=FULL, 8 requests in flight
 * spent half of the time in fsync with everything else standing still (see bench/queue-throughput.ts).
 *
 * A commit that fails (disk full) is thrown out of the event loop and ends the process: what the stores hold in memory
 * is ahead of the disk then, and no answer may be given from it.
 */
export class GroupCommit {
  readonly #database: DatabaseSync;
  readonly #sync: () => Promise<void>;
  readonly #beforeCommit: (() => void)[] = [];
  #transactionOpen = false;
  #group: Group | undefined;
  #syncing: Promise<void> | undefined;

  constructor(database: DatabaseSync, sync: () => Promise<void>) {
    this.#database = database;
    this.#sync = sync;
  }

  /** Opens the transaction of this turn, unless it is open. */
  begin(): void {
    if (this.#transactionOpen) return;
    this.#database.exec('BEGIN');
    this.#transactionOpen = true;
    this.#group ??= { ...Promise.withResolvers<void>(), callbacks: [] };
    setImmediate(() => this.commit());
  }

  /** Resolves when everything written so far is on disk. */
  async settled(): Promise<void> {
    await (this.#group?.promise ?? this.#syncing);
  }

  /** Commits now; it is on disk once `settled()` resolves. */
  commit(): void {
    if (!this.#transactionOpen) return;
    for (const hook of this.#beforeCommit) hook();
    this.#database.exec('COMMIT');
    this.#transactionOpen = false;
    this.#syncing ??= this.#syncGroups();
  }

  /** `hook` runs at the end of every transaction, still inside. */
  beforeCommit(hook: () => void): void {
    this.#beforeCommit.push(hook);
  }

  /** `callback` runs once what was written so far is on disk. */
  afterCommit(callback: () => void): void {
    if (this.#group === undefined) callback();
    else this.#group.callbacks.push(callback);
  }

  /** One fsync after the other, while there is a group whose writes are all committed. */
  async #syncGroups(): Promise<void> {
    while (this.#group !== undefined && !this.#transactionOpen) {
      const { resolve, callbacks } = this.#group;
      this.#group = undefined;
      await this.#sync();
      resolve();
      for (const callback of callbacks) callback();
    }
    this.#syncing = undefined;
  }
}
