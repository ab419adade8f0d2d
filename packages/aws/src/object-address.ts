import type { SourceObject } from '@rowferry/messages';

/** How to get the very version of an upload's object: the one that S3 told of, never one that replaced it. */
export function objectAddressOf({
  bucket,
  key,
  etag,
  versionId,
}: Pick<SourceObject, 'bucket' | 'key' | 'etag' | 'versionId'>) {
  return versionId === null ? { bucket, key, etag: `"${etag}"` } : { bucket, key, versionId };
}
