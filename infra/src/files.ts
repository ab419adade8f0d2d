import { UPLOAD_PREFIX } from '@rowferry/messages';
import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import * as iam from 'aws-cdk-lib/aws-iam';
import * as s3 from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Settings } from './settings.ts';
import { bucketNameOf } from './stages.ts';

export type Files = {
  bucket: s3.Bucket;
  /**
   * By its name and not by a reference: the bucket notifies a function, whose role names the bucket, and each would have to be
   * there before the other.
   */
  bucketName: string;
  bucketArn: string;
  /** Rights to objects, by the prefixes that these are below. */
  allow(role: iam.IRole, rights: Readonly<Record<string, string[]>>): void;
};

/** The bucket of the files: private, encrypted, reached by TLS alone. */
export function createFiles(scope: Construct, settings: Settings): Files {
  const { account, region, partition } = Stack.of(scope);
  const bucketName = bucketNameOf(settings.name, account, region);
  const bucketArn = `arn:${partition}:s3:::${bucketName}`;
  const bucket = new s3.Bucket(scope, 'Files', {
    bucketName,
    encryption: s3.BucketEncryption.S3_MANAGED,
    blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
    objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_ENFORCED,
    enforceSSL: true,
    versioned: true,
    removalPolicy: settings.retain ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    lifecycleRules: [
      { id: 'unfinished uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
      {
        id: 'uploads',
        prefix: UPLOAD_PREFIX,
        expiration: Duration.days(settings.uploadRetentionDays),
        noncurrentVersionExpiration: Duration.days(7),
      },
    ],
  });
  return {
    bucket,
    bucketName,
    bucketArn,
    allow(role, rights) {
      for (const [prefix, actions] of Object.entries(rights))
        role.addToPrincipalPolicy(new iam.PolicyStatement({ actions, resources: [`${bucketArn}/${prefix}*`] }));
      // Without it, S3 answers 403 for an object that is gone, and not 404.
      role.addToPrincipalPolicy(new iam.PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucketArn] }));
    },
  };
}

/** A browser asks anew after so many seconds whether it may send. */
const PREFLIGHT_SECONDS = 600;

/**
 * Lets the console send parts of files to presigned URLs from its own page. The URL is what is secret: a page that has none can
 * do nothing, and no cookie or other credential of a browser means anything to S3.
 *
 * @param origin of the console; `*` stands for any name.
 */
export function allowPartsFrom({ bucket }: Files, origin: string): void {
  const resource = bucket.node.defaultChild as s3.CfnBucket;
  resource.corsConfiguration = {
    corsRules: [
      { allowedMethods: ['PUT'], allowedOrigins: [origin], exposedHeaders: ['ETag'], maxAge: PREFLIGHT_SECONDS },
    ],
  };
}

/** S3 itself calls the function for each new object below `uploads/`: CDK's own way is a function more, with wide rights. */
export function notifyOfUploads({ bucket }: Files, functionArn: string, permission: Construct): void {
  const resource = bucket.node.defaultChild as s3.CfnBucket;
  resource.notificationConfiguration = {
    lambdaConfigurations: [
      {
        event: 's3:ObjectCreated:*',
        function: functionArn,
        filter: { s3Key: { rules: [{ name: 'prefix', value: UPLOAD_PREFIX }] } },
      },
    ],
  };
  // S3 asks at once whether it may.
  resource.node.addDependency(permission);
}
