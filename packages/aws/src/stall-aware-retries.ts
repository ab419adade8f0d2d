import { StandardRetryStrategy } from '@smithy/core/retry';

type Token = Awaited<ReturnType<StandardRetryStrategy['acquireInitialRetryToken']>>;
type ErrorInfo = Parameters<StandardRetryStrategy['refreshRetryTokenForRetry']>[1];

/** The SDK's own retries, but a request that meets with silence is not retried after so many attempts. */
export class StallAwareRetryStrategy extends StandardRetryStrategy {
  readonly #stalledAttempts: number;

  constructor({ maxAttempts, stalledAttempts }: { maxAttempts: number; stalledAttempts: number }) {
    super(maxAttempts);
    this.#stalledAttempts = stalledAttempts;
  }

  override async refreshRetryTokenForRetry(token: Token, errorInfo: ErrorInfo): Promise<Token> {
    const attempts = token.getRetryCount() + 1;
    // The SDK then throws the error that it has, not this one.
    if (attempts >= this.#stalledAttempts && isSilence(errorInfo.error)) throw new Error('silent for too long');
    return super.refreshRetryTokenForRetry(token, errorInfo);
  }
}

/**
 * The SDK has one name for all that takes too long, a connection that is not established among it. That is retried as usual:
 * its time-out is shorter, and it also happens when all connections are in use. Texts from set-socket-timeout.js and
 * set-request-timeout.js of @smithy/node-http-handler 4.14.
 */
function isSilence(error: unknown): boolean {
  return (
    error instanceof Error &&
    error.name === 'TimeoutError' &&
    /timed out after \d+ ms of inactivity|exceeded the configured \d+ ms requestTimeout/.test(error.message)
  );
}
