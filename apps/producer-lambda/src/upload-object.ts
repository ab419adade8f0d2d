import type { Upload, UploadFailure } from '@rowferry/roster';

/** How to get the very version of the object that the event told of. */
export function addressOf({ bucket, key, etag, versionId }: Upload) {
  return versionId === null ? { bucket, key, etag: `"${etag}"` } : { bucket, key, versionId };
}

export function objectGone(): UploadFailure {
  return { code: 'object_gone', detail: 'The file was removed or replaced in the bucket before it was read.' };
}
