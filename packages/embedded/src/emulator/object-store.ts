import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { MultipartPart, MultipartUpload, S3Object, S3Persistence, S3Store } from './fauxqs.ts';
import type { GroupCommit } from './group-commit.ts';
import type { Segment, SegmentFiles } from './segment-files.ts';

/** A part of a multipart upload, its bytes in a file. */
export type StoredPart = {
  readonly number: number;
  readonly segment: Segment;
  readonly etag: string;
  readonly lastModified: Date;
  readonly checksumValue?: string;
};

/** An upload that is neither completed nor aborted. */
export type OpenUpload = { readonly upload: MultipartUpload; readonly parts: Map<number, StoredPart> };

type BucketType = Parameters<S3Persistence['insertBucket']>[2];
type ObjectFacts = Omit<S3Object, 'key' | 'body' | 'lastModified'> & { lastModified: string };
type UploadFacts = Omit<MultipartUpload, 'uploadId' | 'parts' | 'initiated'> & { initiated: string };
type PartFacts = Omit<StoredPart, 'number' | 'lastModified'> & { lastModified: string };

/** Bodies are never in memory. */
const NO_BODY = Buffer.alloc(0);

/**
 * Buckets, objects and uploads on disk: facts as rows, bytes as {@link SegmentFiles}. fauxqs's S3Store writes through it
 * (the `S3Persistence` methods), and our own routes put objects in without passing their bytes through memory.
 */
export class ObjectStore implements S3Persistence {
  readonly #store: S3Store;
  readonly #commits: GroupCommit;
  readonly #files: SegmentFiles;
  readonly #statements;
  readonly #uploads = new Map<string, OpenUpload>();

  constructor(store: S3Store, database: DatabaseSync, commits: GroupCommit, files: SegmentFiles) {
    this.#store = store;
    this.#commits = commits;
    this.#files = files;
    this.#statements = prepare(database);
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
  }

  /** In reading order; none for an object that does not exist. */
  segmentsOf(bucket: string, key: string): Segment[] {
    return json(this.#statements.segmentsOf.get(bucket, key)?.segments ?? '[]');
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
      const segments: Segment[] = json(row.segments);
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
      const { lastModified, ...facts }: PartFacts = json(row.facts);
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

function restoreBucket(store: S3Store, row: Record<string, SQLOutputValue>): void {
  const name = String(row.name);
  store.createBucket(name, row.type === 'directory' ? 'directory' : 'general-purpose');
  store.setBucketCreationDate(name, new Date(String(row.created)));
  if (typeof row.lifecycle === 'string') store.restoreBucketLifecycleConfiguration(name, row.lifecycle);
}

function restoredObject(row: Record<string, SQLOutputValue>): S3Object {
  const { lastModified, ...facts }: ObjectFacts = json(row.facts);
  return { ...facts, key: String(row.key), body: NO_BODY, lastModified: new Date(lastModified) };
}

function restoredUpload(row: Record<string, SQLOutputValue>): MultipartUpload {
  const { initiated, ...facts }: UploadFacts = json(row.facts);
  return { ...facts, uploadId: String(row.upload_id), parts: new Map(), initiated: new Date(initiated) };
}

function prepare(database: DatabaseSync) {
  return {
    loadBuckets: database.prepare('select * from buckets'),
    insertBucket: database.prepare('insert into buckets (name, created, type) values (?, ?, ?)'),
    deleteBucket: database.prepare('delete from buckets where name = ?'),
    setLifecycle: database.prepare('update buckets set lifecycle = ? where name = ?'),
    loadObjects: database.prepare('select * from objects'),
    putObject: database.prepare('insert or replace into objects (bucket, key, facts, segments) values (?, ?, ?, ?)'),
    segmentsOf: database.prepare('select segments from objects where bucket = ? and key = ?'),
    listKeys: database.prepare('select key from objects where bucket = ? and key >= ? and key > ? order by key'),
    renameObject: database.prepare('update objects set key = ? where bucket = ? and key = ?'),
    deleteObject: database.prepare('delete from objects where bucket = ? and key = ?'),
    loadUploads: database.prepare('select * from uploads'),
    insertUpload: database.prepare('insert into uploads (upload_id, facts) values (?, ?)'),
    deleteUpload: database.prepare('delete from uploads where upload_id = ?'),
    loadParts: database.prepare('select * from parts where upload_id = ?'),
    putPart: database.prepare('insert or replace into parts (upload_id, number, facts) values (?, ?, ?)'),
    deleteParts: database.prepare('delete from parts where upload_id = ?'),
  };
}

function json<Value>(text: SQLOutputValue | undefined): Value {
  return JSON.parse(String(text));
}
