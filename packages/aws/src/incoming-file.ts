import { createHash } from 'node:crypto';
import { type Readable, Transform } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { abortDirectUpload, type DirectUpload, unquoted } from './direct-upload.ts';
import { type FileMetadata, type ObjectAddress, toMetadata } from './objects.ts';

const MIB = 1024 * 1024;
/** S3 allows 10,000 parts of 5 MiB to 5 GiB (https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html): 8 MiB reach 78 GiB. */
const PART_BYTES = 8 * MIB;
const PARTS_IN_FLIGHT = 2;
/** Longest that a file that failed waits for its parts to be removed. */
const REMOVAL_TIMEOUT_MS = 3000;

/** What one file holds in memory at most: the parts in flight and the one that fills, 24 MiB. */
export const INCOMING_FILE_MEMORY_BYTES = (PARTS_IN_FLIGHT + 1) * PART_BYTES;

export type NewObject = ObjectAddress & {
  contentType: string;
  metadata?: Partial<FileMetadata>;
  /** Called when a part is in S3, of a file of several: a process that dies from then on leaves parts there. */
  onPart?: ((multipartId: string) => void) | undefined;
};

export type StoredFile = { sizeBytes: number; sha256: string; etag: string | null };

/**
 * A file on its way into S3, counted and hashed as it passes; nothing of it is kept on disk, 24 MiB at most in memory.
 *
 * The object exists from `complete` on and not before: whoever receives the file can first check all of the request. After `abort`, or a failure, neither object nor parts are left, as far as S3 can be reached to remove them.
 */
export class IncomingFile {
  readonly #meter = new Meter();
  readonly #uploaded: Promise<{ ETag?: string | undefined }>;

  constructor(s3: S3Client, { bucket, key, contentType, metadata = {}, onPart }: NewObject) {
    const upload = new Upload({
      client: s3,
      params: {
        Bucket: bucket,
        Key: key,
        Body: this.#meter,
        ContentType: contentType,
        Metadata: toMetadata(metadata),
      },
      partSize: PART_BYTES,
      queueSize: PARTS_IN_FLIGHT,
      // They are removed here, so that an S3 that hangs is not waited for twice.
      leavePartsOnError: true,
    });
    upload.on('httpUploadProgress', () => {
      if (upload.uploadId !== undefined) onPart?.(upload.uploadId);
    });
    this.#uploaded = upload.done().catch(async (error: unknown) => {
      if (upload.uploadId !== undefined) await removeParts(s3, { bucket, key, multipartId: upload.uploadId });
      throw error;
    });
    // It rejects for whoever awaits `receive`, `complete` or `abort`; unhandled in between, it would end the process.
    this.#uploaded.catch(() => {});
  }

  /**
   * Takes all of `source`, as fast as S3 takes it. When this breaks off, `source` is left as it is.
   *
   * @throws what broke: the source, S3, or the signal. Nothing is left in S3 then.
   */
  async receive(source: Readable, signal: AbortSignal): Promise<void> {
    try {
      // The upload can only end first by failing: there is more to come.
      await Promise.race([this.#take(source, signal), this.#uploaded]);
    } catch (error) {
      source.unpipe(this.#meter);
      await this.#fail(error);
      throw error;
    }
  }

  async #take(source: Readable, signal: AbortSignal): Promise<void> {
    // Not `pipeline`: it would destroy the source, whose owner would hear of that before it hears why.
    source.pipe(this.#meter, { end: false });
    await finished(source, { writable: false, signal });
    // What still waits in the meter for S3 has not been hashed. If that fails, the upload's error says why.
    await new Promise<void>((resolve) => this.#meter.write(Buffer.alloc(0), (error) => error ?? resolve()));
  }

  /** SHA-256 of the file in hex, once all of it was received. */
  get sha256(): string {
    return this.#meter.digest;
  }

  async complete(): Promise<StoredFile> {
    this.#meter.end();
    const { ETag } = await this.#uploaded;
    return { sizeBytes: this.#meter.bytes, sha256: this.sha256, etag: ETag === undefined ? null : unquoted(ETag) };
  }

  async abort(): Promise<void> {
    await this.#fail(new Error('upload aborted'));
  }

  /** A body that breaks off makes the upload remove its parts and fail. */
  async #fail(reason: unknown): Promise<void> {
    this.#meter.destroy(reason instanceof Error ? reason : new Error(String(reason)));
    await this.#uploaded.catch(() => {});
  }
}

/** Removes the parts of a file that failed. The client waits for that no longer than the time-out; the removal goes on. */
async function removeParts(s3: S3Client, upload: DirectUpload): Promise<void> {
  const removed = abortDirectUpload(s3, upload).catch(() => {});
  await Promise.race([removed, delay(REMOVAL_TIMEOUT_MS, undefined, { ref: false })]);
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
