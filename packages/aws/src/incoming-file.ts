import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { PutObjectCommand, type S3Client, UploadPartCommand } from '@aws-sdk/client-s3';
import {
  abortDirectUpload,
  completeDirectUpload,
  type DirectUpload,
  openDirectUpload,
  type SentPart,
  unquoted,
} from './direct-upload.ts';
import { type FileMetadata, type ObjectAddress, toMetadata } from './objects.ts';
import { PartWriter } from './part-writer.ts';
import { SentBytes } from './sent-bytes.ts';

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
  readonly #s3: S3Client;
  readonly #object: NewObject;
  readonly #writer: PartWriter;
  readonly #hash = createHash('sha256');
  readonly #parts: SentPart[] = [];
  #multipartId: Promise<string> | undefined;
  #digest: string | undefined;
  #aborted: Promise<string | undefined> | undefined;
  #bytes = 0;

  constructor(s3: S3Client, object: NewObject) {
    this.#s3 = s3;
    this.#object = object;
    this.#writer = new PartWriter({
      partBytes: PART_BYTES,
      inFlight: PARTS_IN_FLIGHT,
      onChunk: (chunk) => {
        this.#hash.update(chunk);
        this.#bytes += chunk.byteLength;
      },
      send: (part, number) => this.#sendPart(part, number),
    });
    // `receive` and `complete` say what failed; unhandled in between, it would end the process.
    this.#writer.on('error', () => {});
  }

  /**
   * Takes all of `source`, as fast as S3 takes it. When this breaks off, `source` is left as it is.
   *
   * @param source its chunks are used up: nobody can read them afterwards.
   * @throws what broke: the source, S3, or the signal. Nothing is left in S3 then.
   */
  async receive(source: Readable, signal: AbortSignal): Promise<void> {
    const failed = finished(this.#writer);
    failed.catch(() => {});
    try {
      await Promise.race([this.#take(source, signal), failed]);
    } catch (error) {
      source.unpipe(this.#writer);
      await this.abort();
      throw error;
    }
  }

  async #take(source: Readable, signal: AbortSignal): Promise<void> {
    // Not `pipeline`: it would destroy the source, whose owner would hear of that before it hears why.
    source.pipe(this.#writer, { end: false });
    await finished(source, { writable: false, signal });
    // What still waits for S3 has not been hashed.
    await new Promise<void>((resolve, reject) =>
      this.#writer.write(Buffer.alloc(0), (error) => (error ? reject(error) : resolve())),
    );
  }

  /** SHA-256 of the file in hex, once all of it was received. A hash gives its digest once. */
  get sha256(): string {
    this.#digest ??= this.#hash.digest('hex');
    return this.#digest;
  }

  /**
   * Makes the bytes an object.
   *
   * @throws S3's error. Nothing is left then, unless S3 made the object and never said so.
   */
  async complete(): Promise<StoredFile> {
    try {
      const multipartId = await this.#multipartId;
      const etag = multipartId === undefined ? await this.#putWhole() : await this.#completeParts(multipartId);
      return { sizeBytes: this.#bytes, sha256: this.sha256, etag };
    } catch (error) {
      await this.abort();
      throw error;
    }
  }

  /**
   * After it nothing is left of a file that was not completed, if S3 can be reached.
   *
   * @returns the id in S3 of parts that are left, as they could not be removed in time.
   */
  abort(): Promise<string | undefined> {
    this.#aborted ??= this.#abort();
    return this.#aborted;
  }

  async #abort(): Promise<string | undefined> {
    this.#writer.destroy();
    // A part that arrives after the others were removed would stay.
    await this.#writer.settled();
    return this.#removeParts();
  }

  async #putWhole(): Promise<string | null> {
    const { bucket, key, contentType, metadata = {} } = this.#object;
    const { ETag } = await this.#s3.send(
      new PutObjectCommand({
        Bucket: bucket,
        Key: key,
        Body: this.#writer.rest,
        ContentType: contentType,
        Metadata: toMetadata(metadata),
      }),
    );
    return ETag === undefined ? null : unquoted(ETag);
  }

  /** @returns whether nobody reads the bytes of the part any more. */
  async #sendPart(part: Uint8Array, partNumber: number): Promise<boolean> {
    const { bucket, key, contentType, metadata = {}, onPart } = this.#object;
    this.#multipartId ??= openDirectUpload(this.#s3, { bucket, key, contentType, metadata });
    const multipartId = await this.#multipartId;
    const command = new UploadPartCommand({
      Bucket: bucket,
      Key: key,
      UploadId: multipartId,
      PartNumber: partNumber,
      Body: part,
    });
    const bytes = new SentBytes();
    command.middlewareStack.add(bytes.watch, { step: 'deserialize' });
    const { ETag } = await this.#s3.send(command);
    if (ETag === undefined) throw new Error('S3 took a part without an ETag');
    this.#parts.push({ partNumber, etag: unquoted(ETag) });
    onPart?.(multipartId);
    return bytes.areRead;
  }

  async #completeParts(multipartId: string): Promise<string | null> {
    await this.#writer.sendRest();
    this.#writer.free();
    const parts = this.#parts.toSorted((one, other) => one.partNumber - other.partNumber);
    const stored = await completeDirectUpload(this.#s3, this.#partsOf(multipartId), parts);
    if (stored === undefined) throw new Error('S3 does not know the file any more');
    return stored.etag;
  }

  /** The client of a file that failed waits for this no longer than the time-out; the removal goes on. */
  async #removeParts(): Promise<string | undefined> {
    // Without an id there are no parts.
    const multipartId = await this.#multipartId?.catch(() => undefined);
    if (multipartId === undefined) return undefined;
    const removed = abortDirectUpload(this.#s3, this.#partsOf(multipartId)).then(
      () => undefined,
      () => multipartId,
    );
    return Promise.race([removed, delay(REMOVAL_TIMEOUT_MS, multipartId, { ref: false })]);
  }

  #partsOf(multipartId: string): DirectUpload {
    const { bucket, key } = this.#object;
    return { bucket, key, multipartId };
  }
}
