import { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Environment } from '@rowferry/runtime';
import { StallAwareRetryStrategy } from './stall-aware-retries.ts';
import { passTraceOn } from './trace-header.ts';

/** What the clients read from the environment: where S3, SQS and SNS are when they are not AWS's own. */
export const AWS_VARIABLES = [
  'AWS_REGION',
  'AWS_ENDPOINT_URL',
  'AWS_ENDPOINT_URL_S3',
  'AWS_ENDPOINT_URL_SQS',
  'AWS_ENDPOINT_URL_SNS',
] as const;

export type AwsEnvironment = Environment<(typeof AWS_VARIABLES)[number]>;

const SECOND = 1000;
/** Longest until a connection is established; S3 and SQS are in the same region. */
const CONNECTION_TIMEOUT_MS = 5 * SECOND;
/** Longest that an SQS request may take. Long polls take five seconds. */
const SQS_TIMEOUT_MS = 15 * SECOND;

/** Attempts of one request, the first included; the SDK waits between them with exponential backoff and jitter. */
const MAX_ATTEMPTS = 5;

/**
 * Longest that S3 may be silent in the middle of a request or an answer, in milliseconds, and how many attempts a request, to
 * SQS too, has that met with silence. However slow, what moves is not silent: a part of 8 MiB may take as long as it takes.
 */
const TIMEOUTS = {
  /**
   * A client of the API is to hear within about half a minute that S3 hangs; it can come again. Measured with a server that takes
   * connections and stays silent: 16 s, since the SDK begins to count after three, and 32 s when it does not even read
   * 8 MiB, since Node counts anew after a write that got some way. Not much less, for a slow line is silent while it
   * works off what the kernel has taken: up to 4 MiB.
   */
  request: { silence: 13 * SECOND, stalledAttempts: 1 },
  /** Nobody waits, and a Lambda that was frozen can wake up with connections whose other end is gone. */
  background: { silence: 30 * SECOND, stalledAttempts: MAX_ATTEMPTS },
};

/** An S3 client; credentials come from the SDK's own chain (environment, profile, role). */
export function createS3Client(
  environment: AwsEnvironment,
  { timeouts }: { timeouts: keyof typeof TIMEOUTS } = { timeouts: 'background' },
): S3Client {
  const { silence, stalledAttempts } = TIMEOUTS[timeouts];
  const endpoint = environment.AWS_ENDPOINT_URL_S3 ?? environment.AWS_ENDPOINT_URL;
  const client = new S3Client({
    region: environment.AWS_REGION,
    maxAttempts: MAX_ATTEMPTS,
    retryStrategy: new StallAwareRetryStrategy({ maxAttempts: MAX_ATTEMPTS, stalledAttempts }),
    // By default the SDK waits for ever for a service whose network is gone.
    requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS, socketTimeout: silence },
    // Emulators answer on one host, not on one host a bucket.
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    // CRC checksums that the SDK adds by itself are refused or mangled by several S3 emulators and stores; the
    // request's own SigV4 hash and S3's ETag stay.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
  });
  client.middlewareStack.add(passTraceOn, { step: 'build', name: 'passTraceOn' });
  return client;
}

/** An SQS client; credentials come from the SDK's own chain. */
export function createSqsClient(
  environment: AwsEnvironment,
  { timeouts }: { timeouts: keyof typeof TIMEOUTS } = { timeouts: 'background' },
): SQSClient {
  const { stalledAttempts } = TIMEOUTS[timeouts];
  const endpoint = environment.AWS_ENDPOINT_URL_SQS ?? environment.AWS_ENDPOINT_URL;
  const client = new SQSClient({
    region: environment.AWS_REGION,
    maxAttempts: MAX_ATTEMPTS,
    retryStrategy: new StallAwareRetryStrategy({ maxAttempts: MAX_ATTEMPTS, stalledAttempts }),
    // By default the SDK waits a quarter of an hour for a service whose network is gone.
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      requestTimeout: SQS_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
    // Queue URLs of emulators name hosts that do not resolve everywhere (sqs.us-east-1.localhost…): the endpoint is
    // the host to connect to, the queue URL only says which queue.
    ...(endpoint === undefined ? {} : { endpoint, useQueueUrlAsEndpoint: false }),
  });
  client.middlewareStack.add(passTraceOn, { step: 'build', name: 'passTraceOn' });
  return client;
}

/**
 * Short, since a batch of rows may wait for it and a transaction of Postgres does: what is not published now is published a
 * moment later.
 */
const SNS_TIMEOUT_MS = 5 * SECOND;
const SNS_ATTEMPTS = 2;

/** An SNS client; credentials come from the SDK's own chain. */
export function createSnsClient(environment: AwsEnvironment): SNSClient {
  const endpoint = environment.AWS_ENDPOINT_URL_SNS ?? environment.AWS_ENDPOINT_URL;
  return new SNSClient({
    region: environment.AWS_REGION,
    maxAttempts: SNS_ATTEMPTS,
    requestHandler: {
      connectionTimeout: SNS_TIMEOUT_MS,
      requestTimeout: SNS_TIMEOUT_MS,
      throwOnRequestTimeout: true,
    },
    ...(endpoint === undefined ? {} : { endpoint }),
  });
}
