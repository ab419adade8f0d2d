import { S3ServiceException } from '@aws-sdk/client-s3';
import { SQSServiceException } from '@aws-sdk/client-sqs';

/** Names that the SDK's HTTP handler gives to a connection that failed before the service answered. */
const CONNECTION_FAILURES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'TimeoutError',
]);

/** True for whatever the SDK threw: it notes its number of attempts, also on errors of the network (smithy's retry middleware). */
export function isSdkError(error: unknown): boolean {
  return error instanceof Error && '$metadata' in error;
}

/** True when S3 or SQS cannot be reached, is overloaded or throttles: after all attempts of the SDK. */
export function isServiceUnavailable(error: unknown): boolean {
  if (error instanceof S3ServiceException || error instanceof SQSServiceException) {
    const status = error.$metadata.httpStatusCode ?? 0;
    return status >= 500 || status === 429 || error.$retryable !== undefined;
  }
  if (!(error instanceof Error)) return false;
  return CONNECTION_FAILURES.has(error.name) || ('code' in error && CONNECTION_FAILURES.has(String(error.code)));
}
