import { createHash } from 'node:crypto';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import type { ObjectAddress } from './objects.ts';

const MIB = 1024 * 1024;
/** S3 allows 10,000 parts of 5 MiB to 5 GiB (https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html): 8 MiB reach 78 GiB. */
const PART_BYTES = 8 * MIB;
/** Parts in flight: with the one that fills, what one upload holds in memory is 24 MiB. */
const PARTS_IN_FLIGHT = 2;

export type StoredFile = { sizeBytes: number; sha256: string; etag: string | null };

/**
 * A file on its way into S3, counted and hashed as it passes; nothing of it is kept on disk, 24 MiB at most in memory.
 *
 * The object comes into being with `complete` and not before: whoever receives the file can first see that all of the
 * request was good. After `abort`, or a failure, neither object nor parts are left.
 */
export class IncomingFile {
  readonly #meter = new Meter();
  readonly #uploaded: Promise<{ ETag?: string | undefined }>;

  constructor(s3: S3Client, { bucket, key, contentType }: ObjectAddress & { contentType: string }) {
    const upload = new Upload({
      client: s3,
      params: { Bucket: bucket, Key: key, Body: this.#meter, ContentType: contentType },
      partSize: PART_BYTES,
      queueSize: PARTS_IN_FLIGHT,
    });
    this.#uploaded = upload.done();
    // Told to whoever awaits `receive`, `complete` or `abort`; unheard in between, it would end the process.
    this.#uploaded.catch(() => {});
  }

  /**
   * Takes all of `source`; it is slowed down to what S3 takes. When this breaks off, `source` is left as it is.
   *
   * @throws what broke: the source, S3, or the signal. Nothing is left in S3 then.
   */
  async receive(source: Readable, signal: AbortSignal): Promise<void> {
    try {
      await pipeline(chunksOf(source), this.#meter, { end: false, signal });
    } catch (error) {
      // When S3 fails, the upload stops reading and the source only sees its reader gone: S3's error is the cause.
      const cause = await this.#settle(error);
      throw signal.aborted ? error : (cause ?? error);
    }
  }

  /** SHA-256 of the file in hex, once all of it was received. */
  get sha256(): string {
    return this.#meter.digest;
  }

  async complete(): Promise<StoredFile> {
    this.#meter.end();
    const { ETag } = await this.#uploaded;
    return { sizeBytes: this.#meter.bytes, sha256: this.sha256, etag: ETag?.replaceAll('"', '') ?? null };
  }

  async abort(): Promise<void> {
    await this.#settle(new Error('upload aborted'));
  }

  /** A body that breaks off makes the upload abort its parts and fail; returns what it failed with. */
  async #settle(reason: unknown): Promise<unknown> {
    this.#meter.destroy(reason instanceof Error ? reason : new Error(String(reason)));
    return this.#uploaded.then(
      () => undefined,
      (error: unknown) => error,
    );
  }
}

/** A pipeline would destroy the stream itself, and its owner would hear of that before it hears why. */
async function* chunksOf(source: Readable): AsyncGenerator<Uint8Array> {
  yield* source.iterator({ destroyOnReturn: false });
}

/** Passes bytes on, counting and hashing them. */
class Meter extends Transform {
  readonly #hash = createHash('sha256');
  #digest: string | undefined;
  bytes = 0;

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: (error: null, chunk: Buffer) => void): void {
    this.#hash.update(chunk);
    this.bytes += chunk.length;
    done(null, chunk);
  }

  /** A hash gives its digest once. To be asked for when nothing more will pass. */
  get digest(): string {
    this.#digest ??= this.#hash.digest('hex');
    return this.#digest;
  }
}
