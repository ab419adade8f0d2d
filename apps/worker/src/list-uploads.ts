import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { unquoted } from '@rowferry/aws';
import { decodeKey, type SourceObject, sourceObjectOf, UPLOAD_PREFIX } from '@rowferry/messages';

/** The uploads in the bucket, a page of up to 1,000 at a time. */
export async function* listUploads(
  s3: S3Client,
  bucket: string,
  abortSignal: AbortSignal,
): AsyncGenerator<SourceObject[]> {
  let token: string | undefined;
  do {
    const command = new ListObjectsV2Command({
      Bucket: bucket,
      Prefix: UPLOAD_PREFIX,
      ContinuationToken: token,
      // Keys may have characters that XML cannot have.
      EncodingType: 'url',
    });
    const { Contents = [], NextContinuationToken, EncodingType } = await s3.send(command, { abortSignal });
    // Stores other than AWS's may not know the parameter.
    const keyOf = (text: string) => (EncodingType === 'url' ? decodeKey(text) : text);
    yield Contents.flatMap((object) => {
      const upload = sourceObjectOf({
        bucket,
        key: keyOf(object.Key ?? ''),
        etag: unquoted(object.ETag ?? ''),
        versionId: null,
        sizeBytes: object.Size ?? 0,
        createdAt: object.LastModified ?? new Date(0),
      });
      return upload ?? [];
    });
    token = NextContinuationToken;
  } while (token !== undefined);
}
