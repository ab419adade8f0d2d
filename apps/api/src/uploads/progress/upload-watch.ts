import { setTimeout as delay } from 'node:timers/promises';
import { type Database, findUploads } from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';
import { busy } from '../../problems/api-problem.ts';
import type { EventStream } from './event-stream.ts';
import { toProgressEvent } from './progress-event.ts';

/** Between two queries: four events a second at most. */
const POLL_INTERVAL_MS = 250;
/** Streams of one process at a time: each is a connection that stays open. */
const STREAMS_MAX = 1000;

/** Polls the uploads that clients follow, all of them with one query, and sends changes to each follower. */
export class UploadWatch {
  readonly #database: Database;
  readonly #logger: Logger;
  readonly #streams = new Map<string, Set<EventStream>>();
  #count = 0;
  #isPolling = false;

  constructor(database: Database, logger: Logger) {
    this.#database = database;
    this.#logger = logger;
  }

  /** @throws ApiProblem `busy` when there are too many followers already. */
  refuseWhenFull(): void {
    if (this.#count >= STREAMS_MAX) throw busy('Too many clients follow uploads here at the moment.');
  }

  /** Sends every new state of the upload to the stream, until the last state or until the client disconnects. */
  follow(uploadId: string, stream: EventStream): void {
    const followers = this.#streams.get(uploadId) ?? new Set();
    this.#streams.set(uploadId, followers.add(stream));
    this.#count++;
    stream.onEnd(() => {
      this.#count--;
      followers.delete(stream);
      if (followers.size === 0 && this.#streams.get(uploadId) === followers) this.#streams.delete(uploadId);
    });
    void this.#pollWhileFollowed();
  }

  /** Ends every stream; clients come back, to another process if there is one. */
  endAll(): void {
    for (const stream of [...this.#streams.values()].flatMap((followers) => [...followers])) stream.end();
  }

  async #pollWhileFollowed(): Promise<void> {
    if (this.#isPolling) return;
    this.#isPolling = true;
    let isUnavailable = false;
    while (this.#streams.size > 0) {
      await delay(POLL_INTERVAL_MS);
      try {
        await this.#poll();
        isUnavailable = false;
      } catch (error) {
        if (!isUnavailable) this.#logger.warn({ err: error }, 'progress query failed; trying again');
        isUnavailable = true;
      }
    }
    this.#isPolling = false;
  }

  async #poll(): Promise<void> {
    const ids = [...this.#streams.keys()];
    if (ids.length === 0) return;
    const uploads = new Map((await findUploads(this.#database, ids)).map((upload) => [upload.id, upload]));
    for (const id of ids) {
      const upload = uploads.get(id);
      const event = upload && toProgressEvent(upload);
      for (const stream of this.#streams.get(id) ?? []) {
        if (event === undefined) stream.end();
        else stream.send(event);
      }
    }
  }
}
