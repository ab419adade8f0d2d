import { presentableFileName } from './file-name.ts';
import type { SourceObject } from './message.ts';
import { fileNameOfKey, UPLOAD_PREFIX, uploadIdOf } from './upload-id.ts';

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
