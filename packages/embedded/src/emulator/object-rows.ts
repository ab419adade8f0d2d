import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import type { MultipartUpload, S3Object, S3Store } from './fauxqs.ts';
import type { Segment } from './segment-files.ts';

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

export type ObjectFacts = Omit<S3Object, 'key' | 'body' | 'lastModified'> & { lastModified: string };
export type UploadFacts = Omit<MultipartUpload, 'uploadId' | 'parts' | 'initiated'> & { initiated: string };
export type PartFacts = Omit<StoredPart, 'number' | 'lastModified'> & { lastModified: string };

/** Bodies are never in memory. */
export const NO_BODY = Buffer.alloc(0);

export function restoreBucket(store: S3Store, row: Record<string, SQLOutputValue>): void {
  const name = String(row.name);
  store.createBucket(name, row.type === 'directory' ? 'directory' : 'general-purpose');
  store.setBucketCreationDate(name, new Date(String(row.created)));
  if (typeof row.lifecycle === 'string') store.restoreBucketLifecycleConfiguration(name, row.lifecycle);
}

export function restoredObject(row: Record<string, SQLOutputValue>): S3Object {
  const { lastModified, ...facts }: ObjectFacts = parseJson(row.facts);
  return { ...facts, key: String(row.key), body: NO_BODY, lastModified: new Date(lastModified) };
}

export function restoredUpload(row: Record<string, SQLOutputValue>): MultipartUpload {
  const { initiated, ...facts }: UploadFacts = parseJson(row.facts);
  return { ...facts, uploadId: String(row.upload_id), parts: new Map(), initiated: new Date(initiated) };
}

export function prepareObjectStatements(database: DatabaseSync) {
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

export function parseJson<Value>(text: SQLOutputValue | undefined): Value {
  return JSON.parse(String(text));
}
