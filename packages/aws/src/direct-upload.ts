import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  HeadObjectCommand,
  ListPartsCommand,
  type S3Client,
  S3ServiceException,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { type FileMetadata, type ObjectAddress, toMetadata } from './objects.ts';

/** A multipart upload that a client sends to S3 itself. */
export type DirectUpload = ObjectAddress & { multipartId: string };

export type SentPart = { partNumber: number; etag: string };

/** A part as S3 has it; its ETag without quotes. */
export type StoredPart = { etag: string; sizeBytes: number };

/** S3 does not have the parts as they were named, or does not take them together. */
export class PartsRefusedError extends Error {
  override readonly name = 'PartsRefusedError';
}

/** Opens a multipart upload. @returns its id in S3. */
export async function openDirectUpload(
  s3: S3Client,
  {
    bucket,
    key,
    contentType = 'text/csv',
    metadata,
  }: ObjectAddress & { contentType?: string; metadata: Partial<FileMetadata> },
): Promise<string> {
  const command = new CreateMultipartUploadCommand({
    Bucket: bucket,
    Key: key,
    ContentType: contentType,
    Metadata: toMetadata(metadata),
  });
  const { UploadId } = await s3.send(command);
  if (UploadId === undefined) throw new Error('S3 opened a multipart upload without an id');
  return UploadId;
}

/** A URL to which one part, of just so many bytes, can be PUT without credentials for so many seconds. */
export function signPart(
  s3: S3Client,
  { bucket, key, multipartId }: DirectUpload,
  { partNumber, sizeBytes, expiresInSeconds }: { partNumber: number; sizeBytes: number; expiresInSeconds: number },
): Promise<string> {
  const command = new UploadPartCommand({
    Bucket: bucket,
    Key: key,
    UploadId: multipartId,
    PartNumber: partNumber,
    ContentLength: sizeBytes,
  });
  return getSignedUrl(s3, command, { expiresIn: expiresInSeconds });
}

/** Of an upload that is not known (any more); or, of emulators that do not have ListParts and take it for something else. */
const NO_LIST = /^(NoSuchUpload|NoSuchKey|NotImplemented|MethodNotAllowed)$/;

/** The parts that S3 has, by their numbers; undefined when it does not know the upload (any more), or cannot tell. */
export async function listStoredParts(
  s3: S3Client,
  { bucket, key, multipartId }: DirectUpload,
): Promise<Map<number, StoredPart> | undefined> {
  const parts = new Map<number, StoredPart>();
  try {
    // Not the SDK's paginator, which goes on for as long as there is a marker: S3 sets it on the last page too.
    for (let isLast = false, marker: string | undefined; !isLast; ) {
      const command = new ListPartsCommand({
        Bucket: bucket,
        Key: key,
        UploadId: multipartId,
        PartNumberMarker: marker,
      });
      const { Parts = [], IsTruncated = false, NextPartNumberMarker } = await s3.send(command);
      for (const { PartNumber = 0, ETag = '', Size = 0 } of Parts)
        parts.set(PartNumber, { etag: unquoted(ETag), sizeBytes: Size });
      marker = NextPartNumberMarker;
      isLast = !IsTruncated;
    }
  } catch (error) {
    if (isNamed(error, NO_LIST)) return undefined;
    throw error;
  }
  return parts;
}

/** An ETag as it is compared: S3 writes it with quotes, and takes it without as well. */
export function unquoted(etag: string): string {
  return etag.replaceAll('"', '');
}

/**
 * Makes an object of the parts.
 *
 * @returns its ETag and size; undefined when S3 does not know the upload (any more) and has no such object either.
 * @throws PartsRefusedError
 */
export async function completeDirectUpload(
  s3: S3Client,
  { bucket, key, multipartId }: DirectUpload,
  parts: readonly SentPart[],
): Promise<{ etag: string | null; sizeBytes: number } | undefined> {
  const command = new CompleteMultipartUploadCommand({
    Bucket: bucket,
    Key: key,
    UploadId: multipartId,
    MultipartUpload: { Parts: parts.map(({ partNumber, etag }) => ({ PartNumber: partNumber, ETag: etag })) },
  });
  try {
    await s3.send(command);
  } catch (error) {
    if (isNamed(error, /^(InvalidPart|InvalidPartOrder|EntityTooSmall|MalformedXML)$/)) {
      throw new PartsRefusedError(error.message, { cause: error });
    }
    // Completed before, perhaps, by a request whose answer was lost.
    if (!isNamed(error, /^NoSuchUpload$/)) throw error;
  }
  return headObject(s3, { bucket, key });
}

/** Gives up a multipart upload and its parts. One that is gone stays so. */
export async function abortDirectUpload(s3: S3Client, { bucket, key, multipartId }: DirectUpload): Promise<void> {
  try {
    await s3.send(new AbortMultipartUploadCommand({ Bucket: bucket, Key: key, UploadId: multipartId }));
  } catch (error) {
    if (!isNamed(error, /^NoSuchUpload$/)) throw error;
  }
}

async function headObject(
  s3: S3Client,
  { bucket, key }: ObjectAddress,
): Promise<{ etag: string | null; sizeBytes: number } | undefined> {
  try {
    const { ETag, ContentLength = 0 } = await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }));
    return { etag: ETag === undefined ? null : unquoted(ETag), sizeBytes: ContentLength };
  } catch (error) {
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) return undefined;
    throw error;
  }
}

function isNamed(error: unknown, names: RegExp): error is S3ServiceException {
  return error instanceof S3ServiceException && names.test(error.name);
}
