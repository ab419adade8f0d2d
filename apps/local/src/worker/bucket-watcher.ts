import { setTimeout as delay } from 'node:timers/promises';
import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { type Database, findUnreadUploads, handOverUpload, type Leadership } from '@rowferry/database';
import { UPLOAD_PREFIX, uploadIdOf } from '@rowferry/roster';
import type { Logger } from '@rowferry/runtime';
import type { S3Event } from 'aws-lambda';
import { type ListedObject, toS3Event } from './s3-event.ts';

const SECOND = 1000;
/** Pause between two looks at the bucket. */
const PAUSE_MS = { min: 250, max: 10 * SECOND };
/** Listing takes at most this share of the time, so that a bucket with many objects is looked at less often. */
const DUTY = 0.05;
const RETRY_BASE_MS = SECOND;
const RETRY_CAP_MS = 60 * SECOND;
/** Tries of one object, the first included; with the pauses between them, some two minutes. */
const MAX_TRIES = 7;

export type BucketWatcherSettings = {
  s3: S3Client;
  bucket: string;
  database: Database;
  /** Of several workers, one watches: the one that leads. */
  leadership: Leadership;
  handler: (event: S3Event) => Promise<void>;
  /** Told of an object whose reading failed in all tries. */
  onGivenUp: (event: S3Event) => Promise<void>;
  logger: Logger;
};

/**
 * What S3's event notifications do on AWS: calls the handler for every object below `uploads/` that has not been
 * read. Which ones have is in the database, so nothing is forgotten when the process dies: after a restart, an upload
 * that was not handed over whole is read again, and its rows that had landed land no second time.
 */
export class BucketWatcher {
  readonly #settings: BucketWatcherSettings;
  readonly #stopping = new AbortController();
  /** Uploads that need no more looks: read to their end before, or handed over by this process. */
  readonly #settled = new Set<string>();
  readonly #failures = new Map<string, { count: number; nextTry: number }>();
  readonly #running: Promise<void>;

  constructor(settings: BucketWatcherSettings) {
    this.#settings = settings;
    this.#running = this.#watch();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await this.#settings.leadership.release();
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      let listing = 0;
      try {
        if (await this.#settings.leadership.hold()) listing = await this.#look();
      } catch (error) {
        if (!signal.aborted)
          this.#settings.logger.warn({ err: error }, 'the bucket could not be looked at; trying again');
      }
      const pause = Math.min(PAUSE_MS.max, Math.max(PAUSE_MS.min, listing / DUTY));
      await delay(pause, undefined, { signal }).catch(() => {});
    }
  }

  /** @returns how long the listing took, in milliseconds; reading what is new is not in it. */
  async #look(): Promise<number> {
    let listing = 0;
    let since = performance.now();
    for await (const page of this.#list()) {
      listing += performance.now() - since;
      await this.#handOverNew(page);
      since = performance.now();
    }
    return listing;
  }

  async #handOverNew(page: readonly ListedObject[]): Promise<void> {
    const candidates = new Map(page.map((object) => [idOf(object), object] as const).filter(([id]) => this.#isDue(id)));
    if (candidates.size === 0) return;
    const unread = await findUnreadUploads(this.#settings.database, [...candidates.keys()]);
    for (const [id, object] of candidates) {
      if (this.#stopping.signal.aborted) return;
      if (unread.has(id)) await this.#handOver(id, object);
      else this.#settled.add(id);
    }
  }

  #isDue(id: string): boolean {
    return !this.#settled.has(id) && (this.#failures.get(id)?.nextTry ?? 0) <= Date.now();
  }

  async #handOver(id: string, object: ListedObject): Promise<void> {
    const { handler, onGivenUp, database, logger } = this.#settings;
    const event = toS3Event(object);
    const tries = this.#failures.get(id)?.count ?? 0;
    try {
      await (tries < MAX_TRIES ? handler(event) : onGivenUp(event));
      await handOverUpload(database, id);
      this.#failures.delete(id);
      this.#settled.add(id);
    } catch (error) {
      const pause = Math.min(RETRY_CAP_MS, RETRY_BASE_MS * 2 ** tries);
      this.#failures.set(id, { count: tries + 1, nextTry: Date.now() + pause });
      logger.warn({ uploadId: id, tries: tries + 1, err: error }, 'an upload was not read; trying again');
    }
  }

  async *#list(): AsyncGenerator<ListedObject[]> {
    const { s3, bucket } = this.#settings;
    let token: string | undefined;
    do {
      const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: UPLOAD_PREFIX, ContinuationToken: token });
      const { Contents = [], NextContinuationToken } = await s3.send(command, { abortSignal: this.#stopping.signal });
      yield Contents.map((object) => ({
        bucket,
        key: object.Key ?? '',
        etag: (object.ETag ?? '').replaceAll('"', ''),
        sizeBytes: object.Size ?? 0,
        lastModified: object.LastModified ?? new Date(0),
      }));
      token = NextContinuationToken;
    } while (token !== undefined);
  }
}

function idOf({ bucket, key, etag, lastModified }: ListedObject): string {
  return uploadIdOf({ bucket, key, version: etag, time: lastModified });
}
