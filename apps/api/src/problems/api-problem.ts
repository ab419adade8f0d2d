import { RETRY_AFTER_SECONDS } from '../limits.ts';
import type { ProblemCode } from './catalogue.ts';

/** One parameter, or member of a body, that is not valid. */
export type ParameterError = { parameter: string; message: string };

/** Errors that one answer names: of a body with 10,000 bad parts the first are enough. */
export const ERRORS_MAX = 20;

/** An error to be answered as a problem, with the first `ERRORS_MAX` of its errors; thrown anywhere below a route. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly code: ProblemCode;
  readonly errors: readonly ParameterError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    detail: string,
    {
      errors = [],
      headers = {},
      cause,
    }: { errors?: readonly ParameterError[]; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(detail, { cause });
    this.code = code;
    this.errors = errors.slice(0, ERRORS_MAX);
    this.headers = headers;
  }
}

const RETRY_LATER = { 'Retry-After': String(RETRY_AFTER_SECONDS) };

/** The problem that says that a service cannot be reached, and to come back later. */
export function serviceUnavailable(detail: string, cause?: unknown): ApiProblem {
  return new ApiProblem('unavailable', detail, { headers: RETRY_LATER, cause });
}

/** The problem that says that others are being served, and to come back later. */
export function busy(detail: string): ApiProblem {
  return new ApiProblem('busy', `${detail} Try again later.`, { headers: RETRY_LATER });
}
