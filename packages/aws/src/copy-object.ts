import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  NoSuchKey,
  type S3Client,
  S3ServiceException,
  UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import { abortDirectUpload, openDirectUpload, unquoted } from './direct-upload.ts';
import { type FileMetadata, type ObjectAddress, ObjectGoneError, toMetadata } from './objects.ts';
import { isServiceUnavailable } from './service-unavailable.ts';

const GIB = 1024 ** 3;

/** The most that one request copies (https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html). */
const COPY_MAX_BYTES = 5 * GIB;
/** Of a copy in parts, of which there may be 10,000: with these, the largest object that there can be, 5 TiB. */
const COPY_PART_BYTES = GIB;

/** S3 does not let the object be copied: it is archived, say, or its role may not read it. The message is S3's. */
export class CopyRefusedError extends Error {
  override readonly name = 'CopyRefusedError';
}

export type CopyRequest = {
  /** The content that it must still have is that of `etag`, without quotes. */
  source: ObjectAddress & { etag: string; sizeBytes: number };
  target: ObjectAddress & { metadata: Partial<FileMetadata> };
};

/**
 * Copies an object within S3, whatever its size, under other metadata. Calling it again makes the same object again.
 *
 * @returns the ETag of the copy, without quotes.
 * @throws ObjectGoneError when the source is gone or has another content; CopyRefusedError when S3 refuses for good.
 */
export async function copyFile(
  s3: S3Client,
  request: CopyRequest,
  { maxBytes = COPY_MAX_BYTES, partBytes = COPY_PART_BYTES } = {},
): Promise<string> {
  try {
    return request.source.sizeBytes <= maxBytes
      ? await copyWhole(s3, request)
      : await copyInParts(s3, request, partBytes);
  } catch (error) {
    if (!(error instanceof S3ServiceException) || isServiceUnavailable(error)) throw error;
    if (error instanceof NoSuchKey || error.name === 'NoSuchKey' || error.$metadata.httpStatusCode === 412)
      throw new ObjectGoneError('the object is gone or was replaced', { cause: error });
    throw new CopyRefusedError(`${error.name}: ${error.message}`, { cause: error });
  }
}

async function copyWhole(s3: S3Client, { source, target }: CopyRequest): Promise<string> {
  const command = new CopyObjectCommand({
    ...sourceOf(source),
    Bucket: target.bucket,
    Key: target.key,
    ContentType: 'text/csv',
    Metadata: toMetadata(target.metadata),
    MetadataDirective: 'REPLACE',
    // Without its tags, which would take further rights.
    TaggingDirective: 'REPLACE',
  });
  const { CopyObjectResult } = await s3.send(command);
  return requireEtag(CopyObjectResult?.ETag);
}

async function copyInParts(s3: S3Client, { source, target }: CopyRequest, partBytes: number): Promise<string> {
  const multipartId = await openDirectUpload(s3, target);
  const upload = { Bucket: target.bucket, Key: target.key, UploadId: multipartId };
  try {
    const parts: { PartNumber: number; ETag: string }[] = [];
    for (let start = 0; start < source.sizeBytes; start += partBytes) {
      const PartNumber = parts.length + 1;
      const end = Math.min(start + partBytes, source.sizeBytes) - 1;
      const range = { CopySourceRange: `bytes=${start}-${end}` };
      const command = new UploadPartCopyCommand({ ...upload, ...sourceOf(source), ...range, PartNumber });
      const { CopyPartResult } = await s3.send(command);
      parts.push({ PartNumber, ETag: CopyPartResult?.ETag ?? '' });
    }
    const command = new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: { Parts: parts } });
    const { ETag } = await s3.send(command);
    return requireEtag(ETag);
  } catch (error) {
    // What cannot be aborted now, the bucket's lifecycle aborts.
    await abortDirectUpload(s3, { ...target, multipartId }).catch(() => {});
    throw error;
  }
}

function sourceOf({ bucket, key, etag }: CopyRequest['source']) {
  return {
    CopySource: `${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`,
    CopySourceIfMatch: `"${etag}"`,
  };
}

function requireEtag(etag: string | undefined): string {
  if (etag === undefined) throw new Error('S3 copied an object without an ETag');
  return unquoted(etag);
}
