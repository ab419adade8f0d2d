import { Readable } from 'node:stream';
import { GetObjectCommand, HeadObjectCommand, NoSuchKey, type S3Client, S3ServiceException } from '@aws-sdk/client-s3';
import { detachBuffer } from '@rowferry/runtime';

export type ObjectAddress = { bucket: string; key: string };

/** The object is not there any more, or is not the version that was asked for. */
export class ObjectGoneError extends Error {
  override readonly name = 'ObjectGoneError';
}

type Wanted = ObjectAddress & {
  /** The ETag that the object must still have: a file must not change between two of its segments. */
  etag?: string | undefined;
  versionId?: string | undefined;
  /** Bytes, `end` excluded; the whole object if absent. */
  range?: { start: number; end: number } | undefined;
};

/** What an object says of its file: user metadata, `x-amz-meta-request-id` and so on. */
const METADATA = { requestId: 'request-id', uploadId: 'upload-id', settingsId: 'import-settings' } as const;

export type FileMetadata = {
  /** Of the request to the API that made the object. */
  requestId: string | undefined;
  /** Which upload the API made the object as. */
  uploadId: string | undefined;
  /** Of the settings by which the file is to be read (`storeSettings`). */
  settingsId: string | undefined;
};

export type OpenObject = { body: Readable; sizeBytes: number; etag: string } & FileMetadata;

/** The metadata of a file's object, as S3 takes them. */
export function toMetadata({ requestId, uploadId, settingsId }: Partial<FileMetadata>): Record<string, string> {
  return {
    ...(requestId === undefined ? {} : { [METADATA.requestId]: requestId }),
    ...(uploadId === undefined ? {} : { [METADATA.uploadId]: uploadId }),
    ...(settingsId === undefined ? {} : { [METADATA.settingsId]: settingsId }),
  };
}

/**
 * Opens an object, or a range of its bytes, as a stream.
 *
 * @throws ObjectGoneError when there is no such object or it has another ETag by now.
 */
export async function openObject(s3: S3Client, { bucket, key, etag, versionId, range }: Wanted): Promise<OpenObject> {
  const command = new GetObjectCommand({
    Bucket: bucket,
    Key: key,
    VersionId: versionId,
    IfMatch: etag,
    Range: range && `bytes=${range.start}-${range.end - 1}`,
  });
  const { Body, ContentLength, ETag, Metadata } = await s3.send(command).catch((error: unknown) => {
    if (isGone(error)) throw new ObjectGoneError('the object is gone or was replaced', { cause: error });
    throw error;
  });
  if (!(Body instanceof Readable) || ContentLength === undefined || ETag === undefined) {
    throw new Error('S3 answered without an object');
  }
  return { body: Body, sizeBytes: ContentLength, etag: ETag, ...fromMetadata(Metadata) };
}

/** What an object says of its file. @throws ObjectGoneError as `openObject` */
export async function readMetadata(s3: S3Client, { bucket, key, etag, versionId }: Wanted): Promise<FileMetadata> {
  const command = new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId, IfMatch: etag });
  const { Metadata } = await s3.send(command).catch((error: unknown) => {
    // HEAD has no body that could name the error.
    const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
    if (status === 404 || status === 412)
      throw new ObjectGoneError('the object is gone or was replaced', { cause: error });
    throw error;
  });
  return fromMetadata(Metadata);
}

function fromMetadata(metadata: Record<string, string> = {}): FileMetadata {
  const {
    [METADATA.requestId]: requestId,
    [METADATA.uploadId]: uploadId,
    [METADATA.settingsId]: settingsId,
  } = metadata;
  return { requestId, uploadId, settingsId };
}

/** Reads an object, or a range of it, into memory, where each byte is held once: for what is known to be small. */
export async function readObject(
  s3: S3Client,
  wanted: Wanted,
): Promise<{ bytes: Buffer } & Omit<OpenObject, 'body' | 'sizeBytes'>> {
  const { body, sizeBytes, ...facts } = await openObject(s3, wanted);
  const bytes = Buffer.allocUnsafeSlow(sizeBytes);
  let length = 0;
  for await (const chunk of body) {
    bytes.set(chunk, length);
    length += chunk.length;
    detachBuffer(chunk);
  }
  if (length < sizeBytes) throw new Error(`S3 sent ${length} of ${sizeBytes} bytes`);
  return { bytes, ...facts };
}

/** What must be known before a body can be read. When it cannot be, the body is closed: its connection would stay taken. */
export async function beforeReading<T>(body: Readable, needed: Promise<T>): Promise<T> {
  return needed.catch((error: unknown) => {
    body.destroy();
    throw error;
  });
}

function isGone(error: unknown): boolean {
  if (error instanceof NoSuchKey) return true;
  return (
    error instanceof S3ServiceException && (error.name === 'NoSuchVersion' || error.$metadata.httpStatusCode === 412)
  );
}
