import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { UPLOAD_PREFIX } from '@rowferry/messages';
import type { ListedObject } from './s3-event.ts';

/** The objects below `uploads/`, a page of up to 1,000 at a time. */
export async function* listObjects(
  s3: S3Client,
  bucket: string,
  abortSignal: AbortSignal,
): AsyncGenerator<ListedObject[]> {
  let token: string | undefined;
  do {
    const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: UPLOAD_PREFIX, ContinuationToken: token });
    const { Contents = [], NextContinuationToken } = await s3.send(command, { abortSignal });
    yield Contents.map((object) => ({
      bucket,
      key: object.Key ?? '',
      etag: (object.ETag ?? '').replaceAll('"', ''),
      sizeBytes: object.Size ?? 0,
      lastModified: object.LastModified ?? new Date(0),
    }));
    token = NextContinuationToken;
  } while (token !== undefined);
}
