import type { S3Client } from '@aws-sdk/client-s3';
import { SEGMENT_BYTES } from '@rowferry/csv';
import { type Database, findUploadFile, type LeaderElection, markUploadsEnqueued } from '@rowferry/database';
import { isKeyOfApi, type SourceObject, sourceObjectOf } from '@rowferry/messages';
import { backoffMs, errorForLog, type Logger } from '@rowferry/runtime';
import PQueue from 'p-queue';
import { listUploads } from './list-uploads.ts';
import { PendingNotifications } from './pending-notifications.ts';
import { findUnread } from './unread-uploads.ts';

const SECOND = 1000;
/** Pause between two listings of the bucket. */
const PAUSE_MS = { min: 250, max: 10 * SECOND };
/** Listing takes at most this share of the time, so that a bucket with many objects is listed less often. */
const LISTING_SHARE = 0.05;
/** Until a listing that failed is tried again. A worker that waits for its services notices within seconds that they are back. */
const LISTING_BACKOFF = { baseMs: PAUSE_MS.min, capMs: 5 * SECOND };
const RETRY_BACKOFF = { baseMs: SECOND, capMs: 60 * SECOND };
/** Attempts to read one upload, the first included; with the pauses between them, some two minutes. */
const MAX_ATTEMPTS = 7;

/** Small uploads are held in memory whole, so few at a time. Listing goes on when the last one of them has begun. */
const SMALL_CONCURRENCY = 2;
/** Surveying a large upload takes some five seconds a GiB. */
const LARGE_CONCURRENCY = 1;
/** Large uploads that wait. Those beyond are found again by the next listing. */
const LARGE_WAITING_MAX = 1000;

export type BucketWatcherSettings = {
  s3: S3Client;
  bucket: string;
  database: Database;
  /** Of several workers, one watches: the leader. It may listen to `RECEIVED_UPLOADS`. */
  leaderElection: LeaderElection;
  /** @returns the upload that the object turned out to be. */
  publish: (object: SourceObject) => Promise<SourceObject>;
  /** Called with an upload whose reading failed in all attempts. */
  onRetriesExhausted: (upload: SourceObject) => Promise<void>;
  logger: Logger;
};

/**
 * What S3's event notifications do on AWS: publishes every upload in the bucket that has not been read. Which ones have is
 * in the database, so nothing is forgotten when the process dies: after a restart, an upload that was not enqueued whole is
 * read again, and its rows that were written are not written a second time.
 *
 * What the API received is published as soon as the API says so; what others put into the bucket, or what the API said
 * while nobody listened, with the next listing.
 *
 * Small uploads wait neither for large ones that came before them nor for a single small one that takes long.
 */
export class BucketWatcher {
  readonly #settings: BucketWatcherSettings;
  readonly #stopping = new AbortController();
  readonly #small = new PQueue({ concurrency: SMALL_CONCURRENCY });
  readonly #large = new PQueue({ concurrency: LARGE_CONCURRENCY });
  /** Objects that wait in the queues or are being read. */
  #claimed = new Set<Identity>();
  /** Objects in the bucket that need no more: read to their end before, or enqueued by this process. */
  readonly #enqueued = new Set<Identity>();
  readonly #failures = new Map<Identity, { count: number; nextAttempt: number }>();
  /** Ids of uploads that the API received. */
  readonly #received = new PendingNotifications();
  readonly #running: Promise<void>;

  constructor(settings: BucketWatcherSettings) {
    this.#settings = settings;
    settings.leaderElection.onNotification = (uploadId) => this.#received.add(uploadId);
    this.#running = this.#watch();
  }

  /** Lets the uploads that are being read end, and begins no others. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await Promise.all([this.#small.onIdle(), this.#large.onIdle()]);
    await this.#settings.leaderElection.release();
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stopping;
    let nextListing = 0;
    let loggedReason: string | undefined;
    let failures = 0;
    while (!signal.aborted) {
      try {
        const leads = await this.#settings.leaderElection.tryAcquire();
        const received = this.#received.take();
        if (leads) await this.#addReceived(received);
        else this.#leaveToLeader();
        if (performance.now() >= nextListing) {
          const listingMs = leads ? await this.#addListed() : 0;
          nextListing = performance.now() + pauseAfter(listingMs);
        }
        if (loggedReason !== undefined) this.#settings.logger.info('bucket listing works again');
        [loggedReason, failures] = [undefined, 0];
      } catch (error) {
        nextListing = performance.now() + backoffMs(++failures, LISTING_BACKOFF);
        // Once for each reason, not for each listing meanwhile.
        const reason = errorForLog(error).message;
        if (reason !== loggedReason && !signal.aborted)
          this.#settings.logger.warn({ reason }, 'bucket listing failed; retrying');
        loggedReason = reason;
      }
      await this.#received.wait(Math.max(0, nextListing - performance.now()), signal);
    }
  }

  async #addReceived(ids: Iterable<string>): Promise<void> {
    const { database, bucket } = this.#settings;
    for (const id of ids) {
      const file = await findUploadFile(database, id);
      if (file?.bucket !== bucket || file.etag === null || file.sizeBytes === null) continue;
      const { key, etag, versionId, sizeBytes } = file;
      const upload = sourceObjectOf({ bucket, key, etag, versionId, sizeBytes, createdAt: new Date() });
      if (upload !== undefined) await this.#addUnread([upload]);
    }
  }

  /** @returns how long the listing took, in milliseconds, without the time that small uploads waited for others. */
  async #addListed(): Promise<number> {
    let listingMs = 0;
    let since = performance.now();
    const listed = new Set<Identity>();
    const { s3, bucket } = this.#settings;
    for await (const uploads of listUploads(s3, bucket, this.#stopping.signal)) {
      listingMs += performance.now() - since;
      for (const upload of uploads) listed.add(identityOf(upload));
      await this.#addUnread(uploads);
      since = performance.now();
    }
    this.#forgetAllBut(listed);
    return listingMs;
  }

  async #addUnread(objects: readonly SourceObject[]): Promise<void> {
    const due = new Map(objects.map((object) => [identityOf(object), object]));
    for (const identity of due.keys()) if (!this.#isDue(identity)) due.delete(identity);
    if (due.size === 0) return;
    const unread = await findUnread(this.#settings.database, [...due.values()]);
    const unreadIdentities = new Set(unread.map(identityOf));
    for (const identity of due.keys()) if (!unreadIdentities.has(identity)) this.#enqueued.add(identity);
    for (const upload of unread) {
      if (this.#stopping.signal.aborted) return;
      if (upload.sizeBytes <= SEGMENT_BYTES) {
        await this.#small.onSizeLessThan(1);
        this.#add(this.#small, upload);
      } else if (this.#large.size < LARGE_WAITING_MAX) this.#add(this.#large, upload);
    }
  }

  #isDue(identity: Identity): boolean {
    if (this.#enqueued.has(identity) || this.#claimed.has(identity)) return false;
    return (this.#failures.get(identity)?.nextAttempt ?? 0) <= Date.now();
  }

  #add(queue: PQueue, upload: SourceObject): void {
    const id = identityOf(upload);
    this.#claimed.add(id);
    void queue.add(() => this.#publish(upload), { id });
  }

  /** What waits is for the worker that leads now. */
  #leaveToLeader(): void {
    for (const queue of [this.#small, this.#large]) queue.clear();
    const running = [...this.#small.runningTasks, ...this.#large.runningTasks];
    this.#claimed = new Set(running.flatMap(({ id }) => id ?? []));
  }

  /** What the bucket has no more need not be known: should it come back, the database knows it. */
  #forgetAllBut(listed: ReadonlySet<string>): void {
    for (const known of [this.#enqueued, this.#failures]) {
      for (const identity of known.keys()) if (!listed.has(identity)) known.delete(identity);
    }
  }

  async #publish(upload: SourceObject): Promise<void> {
    const identity = identityOf(upload);
    const failed = this.#failures.get(identity)?.count ?? 0;
    try {
      if (this.#stopping.signal.aborted) return;
      await markUploadsEnqueued(this.#settings.database, [await this.#publishOrFail(upload, failed)]);
      this.#failures.delete(identity);
      this.#enqueued.add(identity);
    } catch (error) {
      const count = failed + 1;
      this.#failures.set(identity, { count, nextAttempt: Date.now() + backoffMs(count, RETRY_BACKOFF) });
      this.#settings.logger.warn({ uploadId: upload.id, attempts: count, err: error }, 'upload not read; retrying');
    } finally {
      this.#claimed.delete(identity);
    }
  }

  /** @returns the id of what was published, or has failed. */
  async #publishOrFail(upload: SourceObject, failedAttempts: number): Promise<string> {
    const { publish, onRetriesExhausted } = this.#settings;
    if (failedAttempts < MAX_ATTEMPTS) return (await publish(upload)).id;
    await onRetriesExhausted(upload);
    return upload.id;
  }
}

/** What the watcher knows an object by, whichever upload it turns out to be. */
type Identity = string;

function identityOf({ id, key, etag }: SourceObject): Identity {
  return isKeyOfApi(key) ? `${key} ${etag}` : id;
}

/** Milliseconds until the next listing, after one that took so long. */
function pauseAfter(listingMs: number): number {
  return Math.min(PAUSE_MS.max, Math.max(PAUSE_MS.min, listingMs / LISTING_SHARE));
}
