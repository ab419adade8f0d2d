import { ListObjectsV2Command, NoSuchUpload, type S3Client, UploadPartCommand } from '@aws-sdk/client-s3';

/** Keys of all objects of a bucket. */
export async function keysOf(s3: S3Client, bucket: string): Promise<string[]> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: bucket }));
  return Contents.map(({ Key = '' }) => Key);
}

type Multipart = { Bucket: string; Key: string; UploadId: string };

/**
 * Watches the multipart uploads that a client opens. The answer tells how many it opened and which of them S3 still
 * knows: their parts cost money until somebody removes them.
 */
export function watchMultiparts(s3: S3Client): { opened(): number; left(through: S3Client): Promise<Multipart[]> } {
  const multiparts: Multipart[] = [];
  s3.middlewareStack.add(
    (next, context) => async (args) => {
      const result = await next(args);
      if (context.commandName === 'CreateMultipartUploadCommand') multiparts.push(toMultipart(result.output));
      return result;
    },
    { step: 'initialize' },
  );
  return {
    opened: () => multiparts.length,
    async left(through) {
      const known = await Promise.all(multiparts.map((multipart) => isKnown(through, multipart)));
      return multiparts.filter((_, index) => known[index]);
    },
  };
}

function toMultipart(output: object): Multipart {
  const { Bucket, Key, UploadId } = { Bucket: undefined, Key: undefined, UploadId: undefined, ...output };
  return { Bucket: String(Bucket), Key: String(Key), UploadId: String(UploadId) };
}

/** Emulators have no ListMultipartUploads; but one that is gone takes no part. */
async function isKnown(s3: S3Client, multipart: Multipart): Promise<boolean> {
  try {
    await s3.send(new UploadPartCommand({ ...multipart, PartNumber: 10_000, Body: 'probe' }));
    return true;
  } catch (error) {
    if (error instanceof NoSuchUpload || (error instanceof Error && error.name === 'NoSuchUpload')) return false;
    throw error;
  }
}
