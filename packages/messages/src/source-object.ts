import { presentableFileName } from './file-name.ts';
import type { SourceObject } from './message.ts';
import { derivedIdOf, fileNameOfKey, idInKey, UPLOAD_PREFIX, uploadIdOf } from './upload-id.ts';

export type CreatedObject = {
  bucket: string;
  key: string;
  /** Without its quotes. */
  etag: string;
  /** Null in a bucket without versions. */
  versionId: string | null;
  sizeBytes: number;
  createdAt: Date;
};

/** The upload that an object in the bucket is; undefined of an object outside `uploads/` and of a folder marker. */
export function sourceObjectOf({ createdAt, ...object }: CreatedObject): SourceObject | undefined {
  const { bucket, key, etag, versionId } = object;
  if (!key.startsWith(UPLOAD_PREFIX) || key.endsWith('/')) return undefined;
  return {
    id: uploadIdOf({ bucket, key, version: versionId ?? etag, time: createdAt }),
    ...object,
    fileName: presentableFileName(fileNameOfKey(key)),
    receivedAt: createdAt.toISOString(),
  };
}

/** Whether the object has its id from a key that the API made. */
export function hasIdOfKey({ id, key }: SourceObject): boolean {
  return idInKey(key) === id;
}

/**
 * An object as an upload of its own, whatever id is in its key: it was written over the object that the API made the key
 * for. Calling it again returns the same upload.
 */
export function asOwnUpload(upload: SourceObject): SourceObject {
  const { bucket, key, versionId, etag, receivedAt } = upload;
  return { ...upload, id: derivedIdOf({ bucket, key, version: versionId ?? etag, time: new Date(receivedAt) }) };
}
