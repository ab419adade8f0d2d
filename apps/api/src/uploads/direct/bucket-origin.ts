import type { S3Client } from '@aws-sdk/client-s3';
import { originOfBucket } from '@rowferry/aws';
import type { Request } from 'express';
import { isAskedOnLoopback, isLoopback } from '../../access/local-request.ts';

/**
 * Where a browser sends the parts of a file; undefined when it cannot: the store listens on loopback, and the browser may be on
 * another machine. `npm start` on a server, reached from elsewhere, is such a case.
 */
export type BucketOriginFor = (request: Request) => Promise<string | undefined>;

export function bucketOrigin({ s3, bucket }: { s3: S3Client; bucket: string }): BucketOriginFor {
  let known: Promise<string> | undefined;
  return async (request) => {
    known ??= originOfBucket(s3, bucket);
    try {
      const origin = await known;
      return isAskedOnLoopback(request) || !isLoopback(new URL(origin).hostname) ? origin : undefined;
    } catch (error) {
      known = undefined;
      // Without credentials nothing is signed; files go through the API then.
      request.log.warn({ err: error }, 'origin of the bucket is not known');
      return undefined;
    }
  };
}
