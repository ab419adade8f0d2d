import { createHash, hash } from 'node:crypto';
import { parse, stringify, v7, validate, version } from 'uuid';

/** Keys of uploads begin with this; everything else in the bucket is left alone. */
export const UPLOAD_PREFIX = 'uploads/';

const SAFE_NAME_MAX = 100;

const SECOND = 1000;

/** Bytes at the end of an id that say for which file name it was made. */
const NAME_BYTES = 4;

/**
 * A new id of an upload of a file with that name: a UUIDv7 (RFC 9562), so ids sort by time. Its last bytes are a hash of the
 * name in the key, so that the id counts in that key only: a producer, which has no database to ask, gives another object
 * that somebody puts beside it an upload of its own. 42 random bits a millisecond are left.
 */
export function newUploadId(fileName = ''): string {
  const id = parse(v7());
  id.set(nameBytes(safeFileName(fileName)), id.length - NAME_BYTES);
  return stringify(id);
}

function nameBytes(nameInKey: string): Buffer {
  return hash('sha256', nameInKey, 'buffer').subarray(0, NAME_BYTES);
}

/** Whether the API made this id for an object of this name. */
function isIdFor(nameInKey: string, id: string): boolean {
  if (id !== id.toLowerCase() || !validate(id) || version(id) !== 7) return false;
  return nameBytes(nameInKey).equals(parse(id).subarray(-NAME_BYTES));
}

/** Where the object of an upload that the API receives is kept; the id must have been made for that file name. */
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
 * The id of an object's upload: the one in its key when the API made that key, else one that the same event always
 * gives again (a UUIDv7 of the event's time whose random bits are a hash of bucket, key and version).
 */
export function uploadIdOf(object: ObjectIdentity): string {
  return idInKey(object.key) ?? derivedIdOf(object);
}

/** The id of an object that is not the one that its key was made for. */
export function derivedIdOf(object: ObjectIdentity): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([object.bucket, object.key, object.version]))
    .digest();
  return stringify(
    v7(
      { msecs: object.time.getTime(), seq: digest.readUInt32BE(16), random: digest.subarray(0, 16) },
      new Uint8Array(16),
    ),
  );
}

/**
 * The id of the upload that a copy of an object is, below `uploads/`: the same object, to be read by the same settings, always
 * gives the same, so that copying it again makes no other upload. It counts in the key that `keyOfUpload` makes for it, as
 * those of the API do.
 *
 * A listing of S3 has whole seconds, and many objects of a folder came in the same one. So the milliseconds of the id come from
 * the hash too: of a million objects that came in one second, two have the same id once in nine thousand times.
 */
export function copiedUploadId(source: ObjectIdentity, settingsId: string | null): string {
  const { bucket, key, version, time } = source;
  const digest = createHash('sha256')
    .update(JSON.stringify([bucket, key, version, settingsId]))
    .digest();
  const second = Math.floor(time.getTime() / SECOND) * SECOND;
  const msecs = second + (digest.readUInt32BE(20) % SECOND);
  const id = v7({ msecs, seq: digest.readUInt32BE(16), random: digest.subarray(0, 16) }, new Uint8Array(16));
  id.set(nameBytes(safeFileName(fileNameOfKey(key))), id.length - NAME_BYTES);
  return stringify(id);
}

/** Whether the API made this key, or a backfill did. */
export function isKeyOfApi(key: string): boolean {
  return idInKey(key) !== undefined;
}

/** The id in a key that the API or a backfill made; undefined of other keys. */
export function idInKey(key: string): string | undefined {
  const [id, name, ...rest] = key.slice(UPLOAD_PREFIX.length).split('/');
  return id !== undefined && name !== undefined && rest.length === 0 && isIdFor(name, id) ? id : undefined;
}
