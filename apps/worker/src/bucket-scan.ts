import { setTimeout as delay } from 'node:timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import type { Database } from '@rowferry/database';
import type { SourceObject } from '@rowferry/messages';
import { backoffMs, type Logger } from '@rowferry/runtime';
import { listUploads } from './list-uploads.ts';
import { findUnread } from './unread-uploads.ts';

const SECOND = 1000;
const RETRY_BACKOFF = { baseMs: SECOND, capMs: 30 * SECOND };

export type BucketScanSettings = {
  s3: S3Client;
  bucket: string;
  database: Database;
  /** Called with uploads that were not read; each must come again from a queue when reading it fails. */
  enqueue: (uploads: readonly SourceObject[]) => Promise<void>;
  logger: Logger;
};

/**
 * Lists the bucket once and enqueues what was not read: objects that were there before S3 was told to notify a queue.
 *
 * One scan at the start of a worker is enough, since notifications are set up before that. It is not noted that it was
 * done: after a kill -9 in its midst the next one enqueues the rest.
 */
export class BucketScan {
  readonly #settings: BucketScanSettings;
  readonly #stopping = new AbortController();
  readonly #running: Promise<void>;

  constructor(settings: BucketScanSettings) {
    this.#settings = settings;
    this.#running = this.#scan();
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
  }

  async #scan(): Promise<void> {
    const { signal } = this.#stopping;
    for (let attempts = 1; !signal.aborted; attempts++) {
      try {
        return await this.#enqueueUnread();
      } catch (error) {
        if (signal.aborted) return;
        this.#settings.logger.warn({ err: error }, 'bucket listing failed; retrying');
        await delay(backoffMs(attempts, RETRY_BACKOFF), undefined, { signal }).catch(() => {});
      }
    }
  }

  async #enqueueUnread(): Promise<void> {
    const { s3, bucket, database, enqueue } = this.#settings;
    for await (const objects of listUploads(s3, bucket, this.#stopping.signal))
      await enqueue(await findUnread(database, objects));
  }
}
