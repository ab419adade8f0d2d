import type { Problem } from './types.ts';

/** What is known of an answer that is no success. */
type Answered = Partial<Omit<Problem, 'status' | 'code'>> & { status: number; code?: string };

/** What the API answered instead of what was asked for, or that it did not answer. */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  /** The HTTP status; 0 when nothing was answered. */
  readonly status: number;
  readonly code: string;
  readonly requestId: string | null;
  readonly errors: NonNullable<Problem['errors']>;

  constructor({ status, code, detail, requestId, errors }: Answered) {
    super(detail ?? '');
    this.status = status;
    this.code = code ?? 'unknown';
    this.requestId = requestId ?? null;
    this.errors = errors ?? [];
  }
}

/** The error of a request that was not answered: the server is stopped, or the network is gone. */
export function unanswered(): ProblemError {
  return new ProblemError({ status: 0, code: 'unanswered' });
}

/** @param body of an answer that is no success, whatever stands between may have written. */
export function toProblemError(status: number, body: unknown): ProblemError {
  // The API's own answers are Problems, by its document.
  if (typeof body === 'object' && body !== null && 'code' in body) return new ProblemError(body as Problem);
  return new ProblemError({ status });
}
