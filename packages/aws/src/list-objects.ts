import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { decodeKey } from '@rowferry/messages';
import { unquoted } from './direct-upload.ts';

/** An object as a listing has it. */
export type ListedObject = {
  key: string;
  /** Without its quotes. */
  etag: string;
  sizeBytes: number;
  /** When it came into the bucket, in whole seconds. */
  lastModified: Date;
};

export type ObjectPage = {
  /** Up to 1,000, in the order of their keys' bytes. */
  objects: ListedObject[];
  /** For the next page; undefined after the last one. */
  nextToken: string | undefined;
};

type PageRequest = {
  bucket: string;
  prefix: string;
  /** Only keys after this one. */
  startAfter?: string | undefined;
  /** Of the page before. */
  token?: string | undefined;
};

/** One page of the objects below a prefix. */
export async function listObjectPage(
  s3: S3Client,
  { bucket, prefix, startAfter, token }: PageRequest,
  abortSignal?: AbortSignal,
): Promise<ObjectPage> {
  const command = new ListObjectsV2Command({
    Bucket: bucket,
    Prefix: prefix,
    StartAfter: startAfter,
    ContinuationToken: token,
    // Keys may have characters that XML cannot have.
    EncodingType: 'url',
  });
  const {
    Contents = [],
    NextContinuationToken,
    EncodingType,
  } = await s3.send(command, abortSignal === undefined ? {} : { abortSignal });
  // Stores other than AWS's may not know the parameter.
  const keyOf = (text: string) => (EncodingType === 'url' ? decodeKey(text) : text);
  const objects = Contents.map(({ Key = '', ETag = '', Size = 0, LastModified = new Date(0) }) => ({
    key: keyOf(Key),
    etag: unquoted(ETag),
    sizeBytes: Size,
    lastModified: LastModified,
  }));
  return { objects, nextToken: NextContinuationToken };
}
