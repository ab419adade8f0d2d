import type { S3Client } from '@aws-sdk/client-s3';
import { SEGMENT_BYTES } from '@rowferry/csv';
import {
  type Database,
  findUnreadUploads,
  findUploadFile,
  type LeaderElection,
  markUploadEnqueued,
} from '@rowferry/database';
import { uploadIdOf } from '@rowferry/messages';
import type { Logger } from '@rowferry/runtime';
import type { S3Event } from 'aws-lambda';
import { listObjects } from './list-objects.ts';
import { PendingNotifications } from './pending-notifications.ts';
import { type ListedObject, toS3Event } from './s3-event.ts';
import { WorkQueue } from './work-queue.ts';

const SECOND = 1000;
/** Pause between two looks at the bucket. */
const PAUSE_MS = { min: 250, max: 10 * SECOND };
/** Listing takes at most this share of the time, so that a bucket with many objects is looked at less often. */
const DUTY = 0.05;
const RETRY_BASE_MS = SECOND;
const RETRY_CAP_MS = 60 * SECOND;
/** Tries of one object, the first included; with the pauses between them, some two minutes. */
const MAX_ATTEMPTS = 7;

/** Small objects are held in memory whole, so few at a time. The look goes on when there is room for the next. */
const SMALL = { atOnce: 2, capacity: 2 };
/** Surveying a large object takes some five seconds a GiB. Those beyond the capacity are found again by the next look. */
const LARGE = { atOnce: 1, capacity: 1000 };

export type BucketWatcherSettings = {
  s3: S3Client;
  bucket: string;
  database: Database;
  /** Of several workers, one watches: the one that leads. It may listen to `RECEIVED_UPLOADS`. */
  leaderElection: LeaderElection;
  handler: (event: S3Event) => Promise<void>;
  /** Told of an object whose reading failed in all tries. */
  onRetriesExhausted: (event: S3Event) => Promise<void>;
  logger: Logger;
};

/**
 * What S3's event notifications do on AWS: calls the handler for every object below `uploads/` that has not been
 * read. Which ones have is in the database, so nothing is forgotten when the process dies: after a restart, an upload
 * that was not handed over whole is read again, and its rows that had landed land no second time.
 *
 * What the API received is handed over as soon as the API says so; what others put into the bucket, or what was said
 * while nobody listened, with the next look.
 *
 * Small objects wait neither for large ones that came before them nor for a single small one that takes long.
 */
export class BucketWatcher {
  readonly #settings: BucketWatcherSettings;
  readonly #stopping = new AbortController();
  readonly #small = new WorkQueue<ListedObject>(SMALL, (id, object) => this.#handOver(id, object));
  readonly #large = new WorkQueue<ListedObject>(LARGE, (id, object) => this.#handOver(id, object));
  /** Uploads in the bucket that need no more looks: read to their end before, or handed over by this process. */
  readonly #settled = new Set<string>();
  readonly #failures = new Map<string, { count: number; nextTry: number }>();
  /** Ids of uploads that the API received. */
  readonly #received = new PendingNotifications();
  readonly #running: Promise<void>;

  constructor(settings: BucketWatcherSettings) {
    this.#settings = settings;
    settings.leaderElection.onNotification = (uploadId) => this.#received.add(uploadId);
    this.#running = this.#watch();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await Promise.all([this.#small.end(), this.#large.end()]);
    await this.#settings.leaderElection.release();
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stopping;
    let nextLook = 0;
    let said: string | undefined;
    while (!signal.aborted) {
      try {
        const leads = await this.#settings.leaderElection.hold();
        const received = this.#received.take();
        if (leads) await this.#handOverReceived(received);
        // What waits is for the one that leads now.
        else this.#large.clear();
        if (performance.now() >= nextLook) {
          const listing = leads ? await this.#look() : 0;
          nextLook = performance.now() + pauseAfter(listing);
        }
        said = undefined;
      } catch (error) {
        nextLook = performance.now() + PAUSE_MS.min;
        // Once for each reason, not for each look meanwhile.
        const reason = String(error);
        if (reason !== said && !signal.aborted)
          this.#settings.logger.warn({ err: error }, 'the bucket could not be looked at; trying again');
        said = reason;
      }
      await this.#received.wait(Math.max(0, nextLook - performance.now()), signal);
    }
  }

  async #handOverReceived(ids: Iterable<string>): Promise<void> {
    const { database, bucket } = this.#settings;
    for (const id of ids) {
      const file = await findUploadFile(database, id);
      if (file?.bucket !== bucket || file.etag === null || file.sizeBytes === null) continue;
      const { key, etag, sizeBytes } = file;
      await this.#handOverNew(new Map([[id, { bucket, key, etag, sizeBytes, lastModified: new Date() }]]));
    }
  }

  /** @returns how long the listing took, in milliseconds; waiting for room to read what is new is not in it. */
  async #look(): Promise<number> {
    let listing = 0;
    let since = performance.now();
    const listed = new Set<string>();
    const { s3, bucket } = this.#settings;
    for await (const objects of listObjects(s3, bucket, this.#stopping.signal)) {
      listing += performance.now() - since;
      const page = new Map(objects.map((object) => [idOf(object), object]));
      for (const id of page.keys()) listed.add(id);
      await this.#handOverNew(page);
      since = performance.now();
    }
    this.#forgetAllBut(listed);
    return listing;
  }

  async #handOverNew(page: ReadonlyMap<string, ListedObject>): Promise<void> {
    const due = new Map([...page].filter(([id]) => this.#isDue(id)));
    if (due.size === 0) return;
    const unread = await findUnreadUploads(this.#settings.database, [...due.keys()]);
    for (const [id, object] of due) {
      if (this.#stopping.signal.aborted) return;
      if (!unread.has(id)) this.#settled.add(id);
      else if (object.sizeBytes <= SEGMENT_BYTES) await this.#addSmall(id, object);
      else if (!this.#large.isFull) this.#large.add(id, object);
    }
  }

  async #addSmall(id: string, object: ListedObject): Promise<void> {
    await this.#small.room();
    this.#small.add(id, object);
  }

  #isDue(id: string): boolean {
    if (this.#settled.has(id) || this.#small.has(id) || this.#large.has(id)) return false;
    return (this.#failures.get(id)?.nextTry ?? 0) <= Date.now();
  }

  /** What the bucket has no more need not be known: should it come back, the database knows it. */
  #forgetAllBut(listed: ReadonlySet<string>): void {
    for (const known of [this.#settled, this.#failures]) {
      for (const id of known.keys()) if (!listed.has(id)) known.delete(id);
    }
  }

  async #handOver(id: string, object: ListedObject): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    const { handler, onRetriesExhausted, database, logger } = this.#settings;
    const event = toS3Event(object);
    const attempts = this.#failures.get(id)?.count ?? 0;
    try {
      await (attempts < MAX_ATTEMPTS ? handler(event) : onRetriesExhausted(event));
      await markUploadEnqueued(database, id);
      this.#failures.delete(id);
      this.#settled.add(id);
    } catch (error) {
      const pause = Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** attempts);
      this.#failures.set(id, { count: attempts + 1, nextTry: Date.now() + pause });
      logger.warn({ uploadId: id, attempts: attempts + 1, err: error }, 'an upload was not read; trying again');
    }
  }
}

/** Milliseconds until the next look, after one that took so long. */
function pauseAfter(listing: number): number {
  return Math.min(PAUSE_MS.max, Math.max(PAUSE_MS.min, listing / DUTY));
}

function idOf({ bucket, key, etag, lastModified }: ListedObject): string {
  return uploadIdOf({ bucket, key, version: etag, time: lastModified });
}
