import { setTimeout as delay } from 'node:timers/promises';
import { type Database, findStartedUploads, type StartedUpload } from '@rowferry/database';

/** Uploads that are remembered: many more than have rows under way at a time. */
const REMEMBERED_MAX = 1000;
/** Between two queries for uploads that another consumer is starting at this moment. */
const POLL_INTERVAL_MS = 50;

/** A message about an upload of which no `upload.started` was recorded yet. It comes again. */
export class UploadNotStartedError extends Error {
  override readonly name = 'UploadNotStartedError';

  constructor() {
    super('upload not started yet');
  }
}

export type StartedUploads = ReadonlyMap<string, StartedUpload>;

/** Finds what must be known of uploads before their rows are written, and remembers it: it does not change. */
export class StartedUploadFinder {
  readonly #database: Database;
  readonly #timeoutMs: number;
  readonly #remembered = new Map<string, StartedUpload>();

  /** @param timeoutMs longest wait for an upload to be started. */
  constructor(database: Database, timeoutMs = 0) {
    this.#database = database;
    this.#timeoutMs = timeoutMs;
  }

  /** The uploads with these ids that were started, with one query for those that are not remembered. */
  async find(ids: Iterable<string>): Promise<StartedUploads> {
    const wanted = new Set(ids);
    const unknown = [...wanted].filter((id) => !this.#remembered.has(id));
    const found = unknown.length === 0 ? [] : await this.#query(unknown);
    const remembered = [...wanted].flatMap((id) => this.#remembered.get(id) ?? []);
    return new Map([...remembered, ...found].map((upload) => [upload.id, upload]));
  }

  /** The same, from the database: a file that is read again may have other facts. */
  async findAnew(ids: Iterable<string>): Promise<StartedUploads> {
    return new Map((await this.#query([...new Set(ids)])).map((upload) => [upload.id, upload]));
  }

  /** Waits until all are started, or its time is over. @returns those that are. */
  async waitFor(ids: Iterable<string>): Promise<StartedUploads> {
    const wanted = new Set(ids);
    const end = performance.now() + this.#timeoutMs;
    for (;;) {
      const found = await this.find(wanted);
      if (found.size === wanted.size || performance.now() >= end) return found;
      await delay(POLL_INTERVAL_MS);
    }
  }

  async #query(ids: readonly string[]): Promise<StartedUpload[]> {
    const uploads = await findStartedUploads(this.#database, ids);
    for (const upload of uploads) {
      // A Map keeps the order in which entries were added.
      const [oldest] = this.#remembered.keys();
      if (oldest !== undefined && this.#remembered.size >= REMEMBERED_MAX) this.#remembered.delete(oldest);
      this.#remembered.set(upload.id, upload);
    }
    return uploads;
  }
}
