import { DeleteObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { AnnouncedObject } from './events.ts';

type NewObject = {
  bucket: string;
  key: string;
  content: string | Uint8Array;
  metadata?: Record<string, string>;
};

/** Puts an object into a bucket as another tool would. @returns what S3 would announce of it. */
export async function putObject(
  s3: S3Client,
  { bucket, key, content, metadata = {} }: NewObject,
): Promise<AnnouncedObject & { sizeBytes: number }> {
  const bytes = Buffer.from(content);
  const { ETag = '' } = await s3.send(
    new PutObjectCommand({ Bucket: bucket, Key: key, Body: bytes, Metadata: metadata }),
  );
  return { bucket, key, etag: ETag.replaceAll('"', ''), sizeBytes: bytes.byteLength };
}

export async function removeObject(s3: S3Client, { bucket, key }: { bucket: string; key: string }): Promise<void> {
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key }));
}
