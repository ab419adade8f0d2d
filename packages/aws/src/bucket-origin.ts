import { GetObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';

/** The origin of the URLs that are signed for objects of a bucket: where browsers send the parts of a file. Asks nobody. */
export async function originOfBucket(s3: S3Client, bucket: string): Promise<string> {
  const url = await getSignedUrl(s3, new GetObjectCommand({ Bucket: bucket, Key: 'any' }));
  return new URL(url).origin;
}
