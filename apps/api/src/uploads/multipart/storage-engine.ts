import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { IncomingFile, type StoredFile } from '@rowferry/aws';
import { type Database, discardUpload, noteMultipart, openUpload } from '@rowferry/database';
import { refuseNotCsv } from '@rowferry/employee-file';
import { keyOfUpload, newUploadId } from '@rowferry/messages';
import type { Request } from 'express';
import type { StorageEngine } from 'multer';
import { presentableFileName } from '../file-name.ts';

export type UploadStore = { database: Database; s3: S3Client; bucket: string };

/** A file whose bytes are all in S3 but which is no object yet: `complete` makes it one, `abort` leaves nothing. */
export class PendingUpload {
  readonly id = newUploadId();
  readonly fileName: string;
  readonly #store: UploadStore;
  readonly #key: string;
  readonly #incoming: IncomingFile;
  #isNoted = false;

  private constructor(store: UploadStore, { originalname, mimetype }: Express.Multer.File, requestId: string) {
    this.fileName = presentableFileName(originalname);
    this.#store = store;
    this.#key = keyOfUpload(this.id, this.fileName);
    this.#incoming = new IncomingFile(store.s3, {
      bucket: store.bucket,
      key: this.#key,
      contentType: mimetype,
      requestId,
      onPart: (multipartId) => this.#note(multipartId),
    });
  }

  /** So that the parts can be removed if this process dies. Best effort, again with the next part. */
  #note(multipartId: string): void {
    if (this.#isNoted) return;
    this.#isNoted = true;
    noteMultipart(this.#store.database, this.id, multipartId).catch(() => {
      this.#isNoted = false;
    });
  }

  /**
   * Enters the upload, then streams its bytes to S3. When that breaks, nothing is left of either.
   *
   * @throws UnreadableFileError, before anything is entered or stored, when the first bytes are not those of a CSV file.
   */
  static async receive(store: UploadStore, file: Express.Multer.File, requestId: string): Promise<PendingUpload> {
    // busboy ends a stream that reached the limit as if it were complete: it must break off instead.
    const limit = new AbortController();
    file.stream.once('limit', () => limit.abort());
    const content = await refuseNotCsv(bytesOf(file));
    const upload = new PendingUpload(store, file, requestId);
    try {
      await openUpload(store.database, {
        id: upload.id,
        bucket: store.bucket,
        key: upload.#key,
        fileName: upload.fileName,
      });
      await upload.#incoming.receive(Readable.from(content, { objectMode: false }), limit.signal);
      return upload;
    } catch (error) {
      await upload.abort();
      throw error;
    }
  }

  get sha256(): string {
    return this.#incoming.sha256;
  }

  /** Makes the bytes an object. @throws S3's error; nothing is left then. */
  async complete(): Promise<StoredFile> {
    try {
      return await this.#incoming.complete();
    } catch (error) {
      await this.abort();
      throw error;
    }
  }

  async abort(): Promise<void> {
    await this.#incoming.abort();
    await discardUpload(this.#store.database, this.id);
  }
}

/** A file's bytes as they come. Who stops reading must not destroy the stream: multer would hear of that before it hears why. */
export function bytesOf({ stream }: Express.Multer.File): AsyncIterable<Uint8Array> {
  return stream.iterator({ destroyOnReturn: false });
}

declare global {
  namespace Express.Multer {
    interface File {
      /** What the storage engine adds to a file that it has received. */
      pending?: PendingUpload;
    }
  }
}

/** A multer storage engine that streams a file straight to S3: nothing is held in memory or on disk. */
export class S3StorageEngine implements StorageEngine {
  readonly #store: UploadStore;

  constructor(store: UploadStore) {
    this.#store = store;
  }

  _handleFile(
    request: Request,
    file: Express.Multer.File,
    done: (error?: unknown, info?: Partial<Express.Multer.File>) => void,
  ): void {
    PendingUpload.receive(this.#store, file, request.id).then(
      (pending) => done(null, { pending }),
      (error: unknown) => done(error),
    );
  }

  _removeFile(_request: Request, file: Express.Multer.File, done: (error: Error | null) => void): void {
    Promise.resolve(file.pending?.abort()).then(
      () => done(null),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error))),
    );
  }
}
