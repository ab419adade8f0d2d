import type { S3Client } from '@aws-sdk/client-s3';
import { listObjectPage } from '@rowferry/aws';
import { type SourceObject, sourceObjectOf, UPLOAD_PREFIX } from '@rowferry/messages';

/** The uploads in the bucket, a page of up to 1,000 at a time. */
export async function* listUploads(
  s3: S3Client,
  bucket: string,
  abortSignal: AbortSignal,
): AsyncGenerator<SourceObject[]> {
  let token: string | undefined;
  do {
    const page = await listObjectPage(s3, { bucket, prefix: UPLOAD_PREFIX, token }, abortSignal);
    yield page.objects.flatMap(
      ({ lastModified, ...object }) =>
        sourceObjectOf({ bucket, ...object, versionId: null, createdAt: lastModified }) ?? [],
    );
    token = page.nextToken;
  } while (token !== undefined);
}
