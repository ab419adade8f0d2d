import type { Problem } from './types.ts';

/** What is known of an answer that is no success. */
type Answered = Partial<Omit<Problem, 'status' | 'code'>> & {
  status: number;
  code?: string;
  retryAfter?: string | null;
};

/** What the API answered instead of what was asked for, or that it did not answer. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  /** The HTTP status; 0 when nothing was answered. */
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;
  readonly errors: NonNullable<Problem['errors']>;
  /** After how many seconds to ask again, where the answer says so. */
  readonly retryAfterSeconds: number | null;

  constructor({ status, code, detail, requestId, errors, retryAfter }: Answered) {
    super(detail ?? '');
    this.status = status;
    this.code = code ?? 'unknown';
    this.requestId = requestId ?? null;
    this.errors = errors ?? [];
    this.retryAfterSeconds = secondsIn(retryAfter ?? '');
  }
}

/** A proxy may write a date (RFC 9110, section 10.2.3), which a browser's clock need not agree with, or no wait at all. */
function secondsIn(retryAfter: string): number | null {
  return /^[1-9]\d{0,4}$/.test(retryAfter) ? Number(retryAfter) : null;
}

/** The error of a request that was not answered: the server is stopped, or the network is gone. */
export function unanswered(): ProblemError {
  return new ProblemError({ status: 0, code: 'unanswered' });
}

/** @param body of an answer that is no success, whatever stands between may have written. @param retryAfter its header */
export function toProblemError(status: number, body: unknown, retryAfter: string | null = null): ProblemError {
  // The API's own answers are Problems, by its document.
  if (typeof body === 'object' && body !== null && 'code' in body)
    return new ProblemError({ ...(body as Problem), retryAfter });
  return new ProblemError({ status, retryAfter });
}

/** A file that the browser cannot read any more: it has changed since it was chosen, was moved, or is a folder. */
export class FileUnreadableError extends Error {
  override readonly name = 'FileUnreadableError';
}

/** What a request ended by: that it was not answered, or that its file could not be read, which a browser does not tell apart. */
export async function brokenOff(blob: Blob): Promise<Error> {
  return (await isReadable(blob)) ? unanswered() : new FileUnreadableError();
}

export async function isReadable(blob: Blob): Promise<boolean> {
  return blob
    .slice(0, 1)
    .arrayBuffer()
    .then(
      () => true,
      () => false,
    );
}
