import { createHash } from 'node:crypto';
import { stringify, v7, validate, version } from 'uuid';

/** Keys of uploads begin with this; everything else in the bucket is left alone. */
export const UPLOAD_PREFIX = 'uploads/';

const SAFE_NAME_MAX = 100;

/** A new upload id: a UUIDv7 (RFC 9562), so ids sort by time. */
export function newUploadId(): string {
  return v7();
}

/** Where the object of an upload that the API received is kept. */
export function keyOfUpload(id: string, fileName: string): string {
  return `${UPLOAD_PREFIX}${id}/${safeFileName(fileName)}`;
}

/** A file name reduced to what is safe in an S3 key and in a shell; never empty. */
function safeFileName(fileName: string): string {
  const safe = fileName
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9._-]+/g, '_')
    .replace(/^[._]+/, '')
    .slice(-SAFE_NAME_MAX);
  return safe === '' ? 'upload.csv' : safe;
}

/** Last part of a key: what the object is called where nobody gave it another name. */
export function fileNameOfKey(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

export type ObjectIdentity = {
  bucket: string;
  key: string;
  /** S3 version id, or ETag in a bucket without versions. */
  version: string;
  /** When S3 says that the object came. */
  time: Date;
};

/**
 * The id of an object's upload: the one in its key when the API put it there, else one that the same event always
 * gives again (a UUIDv7 of the event's time whose random bits are a hash of bucket, key and version).
 */
export function uploadIdOf(object: ObjectIdentity): string {
  const inKey = object.key.slice(UPLOAD_PREFIX.length).split('/');
  const [id] = inKey;
  if (inKey.length === 2 && id !== undefined && validate(id) && version(id) === 7) return id.toLowerCase();
  const hash = createHash('sha256')
    .update(JSON.stringify([object.bucket, object.key, object.version]))
    .digest();
  return stringify(
    v7({ msecs: object.time.getTime(), seq: hash.readUInt32BE(16), random: hash.subarray(0, 16) }, new Uint8Array(16)),
  );
}
