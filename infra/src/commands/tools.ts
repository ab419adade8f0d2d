import { execFile, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  CloudFormationClient,
  CloudFormationServiceException,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { DeleteObjectsCommand, ListObjectVersionsCommand, NoSuchBucket, S3Client } from '@aws-sdk/client-s3';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { DeploymentError } from '../settings.ts';
import type { Tools } from './deploy.ts';

const INFRA = fileURLToPath(new URL('../..', import.meta.url));
const CDK = fileURLToPath(new URL('../../../node_modules/aws-cdk/bin/cdk', import.meta.url));
/** The stack that `cdk bootstrap` makes. */
const BOOTSTRAP_STACK = 'CDKToolkit';

/** Of this machine, and of the account that the SDK finds credentials for. */
export function realTools(): Tools {
  const region = process.env.AWS_REGION || process.env.AWS_DEFAULT_REGION || undefined;
  return {
    region,
    hasDocker: () => succeeds(process.env.CDK_DOCKER || 'docker', ['version']),
    account: findAccount,
    bootstrapVersion,
    cdk: runCdk,
    emptyBucket,
  };

  async function findAccount(): Promise<string> {
    try {
      const { Account = '' } = await new STSClient({ region }).send(new GetCallerIdentityCommand());
      return Account;
    } catch (error) {
      throw new DeploymentError(
        error instanceof Error && error.name === 'CredentialsProviderError'
          ? 'there are no credentials for AWS; log in (aws sso login), or set AWS_PROFILE'
          : `AWS does not take the credentials (${messageOf(error)}); log in again, or check AWS_PROFILE and AWS_REGION`,
        { cause: error },
      );
    }
  }

  async function bootstrapVersion(): Promise<number | undefined> {
    try {
      const cloudFormation = new CloudFormationClient({ region });
      const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: BOOTSTRAP_STACK }));
      const version = Stacks?.[0]?.Outputs?.find(({ OutputKey }) => OutputKey === 'BootstrapVersion');
      return version && Number(version.OutputValue);
    } catch (error) {
      // What CloudFormation says of a stack that is not there.
      if (error instanceof CloudFormationServiceException && error.name === 'ValidationError') return undefined;
      throw new DeploymentError(
        `CloudFormation does not say whether ${region} is prepared for CDK (${messageOf(error)}); log in as somebody who may deploy, or check AWS_REGION`,
        { cause: error },
      );
    }
  }

  async function emptyBucket(bucket: string): Promise<void> {
    const s3 = new S3Client({ region });
    for (;;) {
      const listed = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket })).catch((error: unknown) => {
        if (error instanceof NoSuchBucket) return undefined;
        throw error;
      });
      const objects = [...(listed?.Versions ?? []), ...(listed?.DeleteMarkers ?? [])];
      if (objects.length === 0) return;
      const Objects = objects.map(({ Key, VersionId }) => ({ Key, VersionId }));
      await s3.send(new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }));
    }
  }
}

/** On one line. */
function messageOf(error: unknown): string {
  return String(error instanceof Error ? error.message : error).replaceAll(/\s+/g, ' ');
}

async function succeeds(command: string, args: readonly string[]): Promise<boolean> {
  return promisify(execFile)(command, args).then(
    () => true,
    () => false,
  );
}

function runCdk(args: readonly string[]): Promise<number> {
  const env = { ...process.env, CDK_DISABLE_CLI_TELEMETRY: 'true' };
  const child = spawn(process.execPath, [CDK, ...args], { cwd: INFRA, env, stdio: 'inherit' });
  return new Promise((resolve) => {
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
