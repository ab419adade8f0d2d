import { Readable } from 'node:stream';
import type { S3Client } from '@aws-sdk/client-s3';
import { type FileMetadata, IncomingFile, type StoredFile } from '@rowferry/aws';
import {
  type Database,
  discardUpload,
  interruptUpload,
  noteMultipart,
  openUpload,
  type Sender,
} from '@rowferry/database';
import { keyOfUpload, newUploadId, presentableFileName } from '@rowferry/messages';
import type { FormFile } from '../../http/receive-form.ts';
import type { RequestedSettings } from '../../import-settings/requested-settings.ts';
import { fingerprintWith, resolveSettings, settingsIdOf } from '../../import-settings/resolve-settings.ts';
import { readableContentOf } from '../csv-form.ts';

export type UploadStore = { database: Database; s3: S3Client; bucket: string };

/** A file whose bytes are all in S3 but which is no object yet: `complete` makes it one, `abort` leaves nothing. */
export class PendingUpload {
  readonly id: string;
  readonly fileName: string;
  readonly #store: UploadStore;
  readonly #key: string;
  readonly #incoming: IncomingFile;
  readonly #requested: RequestedSettings;
  #isNoted = false;

  private constructor(
    store: UploadStore,
    { name, contentType }: FormFile,
    requested: RequestedSettings,
    { requestId, settingsId }: Pick<FileMetadata, 'requestId' | 'settingsId'>,
  ) {
    this.fileName = presentableFileName(name);
    this.id = newUploadId(this.fileName);
    this.#store = store;
    this.#requested = requested;
    this.#key = keyOfUpload(this.id, this.fileName);
    this.#incoming = new IncomingFile(store.s3, {
      bucket: store.bucket,
      key: this.#key,
      contentType,
      metadata: { requestId, uploadId: this.id, settingsId },
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
   * Enters the upload, then streams its bytes to S3. When that breaks, nothing is left of either, or an upload that failed
   * and whose parts are removed as soon as S3 can be reached.
   *
   * @throws ApiProblem, before anything of it is entered or stored, when the file cannot be read as far as its beginning tells.
   */
  static async receive(
    store: UploadStore,
    file: FormFile,
    { requestId, requested, sender }: { requestId: string; requested: RequestedSettings; sender: Sender | null },
  ): Promise<PendingUpload> {
    const settings = await resolveSettings(store, requested);
    const content = await readableContentOf(file, settings);
    const settingsId = await settingsIdOf(store, settings);
    const upload = new PendingUpload(store, file, requested, { requestId, settingsId });
    try {
      await openUpload(store.database, {
        id: upload.id,
        bucket: store.bucket,
        key: upload.#key,
        fileName: upload.fileName,
        sender,
      });
      await upload.#incoming.receive(Readable.from(content, { objectMode: false }), file.tooLarge);
      return upload;
    } catch (error) {
      await upload.abort();
      throw error;
    }
  }

  get sha256(): string {
    return this.#incoming.sha256;
  }

  /** Names the file and how it is to be read. */
  get fingerprint(): string {
    return fingerprintWith(this.sha256, this.#requested);
  }

  /** Makes the bytes an object. @throws S3's error, as `IncomingFile` does. */
  async complete(): Promise<StoredFile> {
    try {
      return await this.#incoming.complete();
    } catch (error) {
      await this.abort();
      throw error;
    }
  }

  async abort(): Promise<void> {
    const { database } = this.#store;
    const multipartId = await this.#incoming.abort();
    if (multipartId === undefined) await discardUpload(database, this.id);
    // Maintenance goes on trying to remove the parts, and only the upload says which they are.
    else await interruptUpload(database, this.id, multipartId);
  }
}
