import type { DatabaseSync } from 'node:sqlite';
import type { MultipartPart, MultipartUpload, S3Object, S3Persistence, S3Store } from './fauxqs.ts';
import type { GroupCommit } from './group-commit.ts';
import {
  NO_BODY,
  type ObjectFacts,
  type OpenUpload,
  type PartFacts,
  parseJson,
  prepareObjectStatements,
  restoreBucket,
  restoredObject,
  restoredUpload,
  type StoredPart,
  type UploadFacts,
} from './object-rows.ts';
import type { Segment, SegmentFiles } from './segment-files.ts';

type BucketType = Parameters<S3Persistence['insertBucket']>[2];

/**
 * Buckets, objects and uploads on disk: facts as rows, bytes as {@link SegmentFiles}. fauxqs's S3Store writes through it
 * (the `S3Persistence` methods), and our own routes put objects in without passing their bytes through memory.
 */
export class ObjectStore implements S3Persistence {
  readonly #store: S3Store;
  readonly #commits: GroupCommit;
  readonly #files: SegmentFiles;
  readonly #onCreated: (bucket: string, object: S3Object) => void;
  readonly #statements;
  readonly #uploads = new Map<string, OpenUpload>();

  constructor(
    store: S3Store,
    database: DatabaseSync,
    commits: GroupCommit,
    files: SegmentFiles,
    onCreated: (bucket: string, object: S3Object) => void,
  ) {
    this.#store = store;
    this.#onCreated = onCreated;
    this.#commits = commits;
    this.#files = files;
    this.#statements = prepareObjectStatements(database);
  }

  /** Makes `object` the object of its key; what it replaces is removed once that is committed. */
  putObject(bucket: string, object: S3Object, segments: readonly Segment[]): void {
    this.#commits.begin();
    const { key, body: _, lastModified, ...rest } = object;
    const facts: ObjectFacts = { ...rest, lastModified: lastModified.toISOString() };
    const replaced = this.segmentsOf(bucket, key);
    this.#statements.putObject.run(bucket, key, JSON.stringify(facts), JSON.stringify(segments));
    this.#removeAfterCommit(replaced);
    this.#store.restoreObject(bucket, { ...object, body: NO_BODY });
    this.#onCreated(bucket, object);
  }

  has(bucket: string, key: string): boolean {
    return this.#statements.segmentsOf.get(bucket, key) !== undefined;
  }

  /** In reading order; none for an object that does not exist. */
  segmentsOf(bucket: string, key: string): Segment[] {
    return parseJson(this.#statements.segmentsOf.get(bucket, key)?.segments ?? '[]');
  }

  upload(uploadId: string): OpenUpload | undefined {
    return this.#uploads.get(uploadId);
  }

  putPart(uploadId: string, part: StoredPart): void {
    this.#commits.begin();
    const parts = this.#uploads.get(uploadId)?.parts;
    const replaced = parts?.get(part.number);
    parts?.set(part.number, part);
    const { number, lastModified, ...rest } = part;
    const facts: PartFacts = { ...rest, lastModified: lastModified.toISOString() };
    this.#statements.putPart.run(uploadId, number, JSON.stringify(facts));
    if (replaced !== undefined) this.#removeAfterCommit([replaced.segment]);
  }

  /** Ends an upload by making `object` of those of its parts that `used` names. The others are removed. */
  completeUpload(open: OpenUpload, object: S3Object, used: readonly StoredPart[]): void {
    this.putObject(
      open.upload.bucket,
      object,
      used.map((part) => part.segment),
    );
    for (const part of used) open.parts.delete(part.number);
    // fauxqs forgets the upload and calls deleteMultipartUpload, which finds the unused parts only.
    this.#store.abortMultipartUpload(open.upload.uploadId);
  }

  /** One page of keys after `after`, in the order of their UTF-8 bytes as S3 has it. */
  listObjects(bucket: string, options: Parameters<S3Store['listObjects']>[1] = {}): ReturnType<S3Store['listObjects']> {
    const { prefix = '', delimiter, maxKeys = 1000 } = options;
    const after = options.startAfter ?? options.marker ?? '';
    const objects: S3Object[] = [];
    const commonPrefixes = new Set<string>();
    for (const row of this.#statements.listKeys.iterate(bucket, prefix, after)) {
      const key = String(row.key);
      if (!key.startsWith(prefix)) break;
      const group = groupOf(key, prefix, delimiter);
      if (group !== undefined && (group <= after || commonPrefixes.has(group))) continue;
      if (objects.length + commonPrefixes.size >= maxKeys)
        return { objects, commonPrefixes: [...commonPrefixes], isTruncated: true };
      if (group === undefined) objects.push(this.#store.headObject(bucket, key));
      else commonPrefixes.add(group);
    }
    return { objects, commonPrefixes: [...commonPrefixes], isTruncated: false };
  }

  // What follows is called by fauxqs.

  insertBucket(name: string, created: Date, type: BucketType): void {
    this.#commits.begin();
    this.#statements.insertBucket.run(name, created.toISOString(), type);
  }

  deleteBucket(name: string): void {
    this.#commits.begin();
    this.#statements.deleteBucket.run(name);
  }

  saveBucketLifecycleConfiguration(bucket: string, configuration: string): void {
    this.#setLifecycle(bucket, configuration);
  }

  deleteBucketLifecycleConfiguration(bucket: string): void {
    this.#setLifecycle(bucket, null);
  }

  /** An object whose bytes are in memory already: a copy, or a browser's form upload. */
  upsertObject(bucket: string, object: S3Object): void {
    this.putObject(bucket, object, [this.#files.writeNow(object.body)]);
  }

  deleteObject(bucket: string, key: string): void {
    this.#commits.begin();
    this.#removeAfterCommit(this.segmentsOf(bucket, key));
    this.#statements.deleteObject.run(bucket, key);
  }

  deleteObjectsByBucket(bucket: string): void {
    for (const row of this.#statements.listKeys.all(bucket, '', '')) this.deleteObject(bucket, String(row.key));
  }

  deleteAllObjects(): void {
    for (const { name } of this.#store.listBuckets()) this.deleteObjectsByBucket(name);
  }

  renameObject(bucket: string, source: string, target: string): void {
    this.#commits.begin();
    if (source !== target) this.deleteObject(bucket, target);
    this.#statements.renameObject.run(target, bucket, source);
  }

  readBody(bucket: string, key: string): Buffer {
    return this.#files.readNow(this.segmentsOf(bucket, key));
  }

  insertMultipartUpload(upload: MultipartUpload): void {
    this.#commits.begin();
    const { uploadId, parts: _, initiated, ...rest } = upload;
    const facts: UploadFacts = { ...rest, initiated: initiated.toISOString() };
    this.#statements.insertUpload.run(uploadId, JSON.stringify(facts));
    this.#uploads.set(uploadId, { upload, parts: new Map() });
  }

  /** A part whose bytes are in memory already: a copy from another object. */
  upsertMultipartPart(uploadId: string, part: MultipartPart): void {
    const { partNumber: number, body, etag, lastModified, checksumValue } = part;
    const segment = this.#files.writeNow(body);
    part.body = NO_BODY;
    this.putPart(uploadId, {
      number,
      segment,
      etag,
      lastModified,
      ...(checksumValue === undefined ? {} : { checksumValue }),
    });
  }

  deleteMultipartUpload(uploadId: string): void {
    this.#commits.begin();
    const parts = this.#uploads.get(uploadId)?.parts.values() ?? [];
    this.#removeAfterCommit([...parts].map((part) => part.segment));
    this.#uploads.delete(uploadId);
    this.#statements.deleteParts.run(uploadId);
    this.#statements.deleteUpload.run(uploadId);
  }

  completeMultipartUpload(): never {
    throw new Error('uploads are completed by completeUpload, from the parts on disk');
  }

  deleteAllMultipartUploads(): void {
    for (const uploadId of [...this.#uploads.keys()]) this.deleteMultipartUpload(uploadId);
  }

  purgeAll(): void {
    this.deleteAllMultipartUploads();
    this.deleteAllObjects();
    for (const { name } of this.#store.listBuckets()) this.deleteBucket(name);
  }

  close(): void {}

  /** Fills the store with what is on disk and removes the files that belong to nothing. */
  loadS3(store: S3Store): void {
    const referenced = new Set<string>();
    for (const row of this.#statements.loadBuckets.all()) restoreBucket(store, row);
    for (const row of this.#statements.loadObjects.iterate()) {
      const segments: Segment[] = parseJson(row.segments);
      for (const { file } of segments) referenced.add(file);
      store.restoreObject(String(row.bucket), restoredObject(row));
    }
    for (const row of this.#statements.loadUploads.all()) {
      const open = { upload: restoredUpload(row), parts: this.#loadParts(String(row.upload_id)) };
      for (const part of open.parts.values()) referenced.add(part.segment.file);
      this.#uploads.set(open.upload.uploadId, open);
      store.restoreMultipartUpload(open.upload);
    }
    this.#files.removeAllBut(referenced);
    store.persistence = this;
  }

  #loadParts(uploadId: string): Map<number, StoredPart> {
    const parts = new Map<number, StoredPart>();
    for (const row of this.#statements.loadParts.all(uploadId)) {
      const { lastModified, ...facts }: PartFacts = parseJson(row.facts);
      const number = Number(row.number);
      parts.set(number, { ...facts, number, lastModified: new Date(lastModified) });
    }
    return parts;
  }

  #setLifecycle(bucket: string, configuration: string | null): void {
    this.#commits.begin();
    this.#statements.setLifecycle.run(configuration, bucket);
  }

  #removeAfterCommit(segments: readonly Segment[]): void {
    this.#commits.afterCommit(() => this.#files.remove(segments));
  }
}

function groupOf(key: string, prefix: string, delimiter: string | undefined): string | undefined {
  const end = delimiter === undefined || delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
  return end < 0 || delimiter === undefined ? undefined : key.slice(0, end + delimiter.length);
}
