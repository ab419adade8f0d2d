/**
 * Every error that the API answers: its stable code, its title and its HTTP status (RFC 9457). docs/errors.md and
 * the OpenAPI document list the same.
 */
export const PROBLEMS = {
  invalid_parameter: { status: 400, title: 'A parameter is not valid' },
  no_file: { status: 400, title: 'The request has no file' },
  unexpected_field: { status: 400, title: 'The file is in a field of another name' },
  too_many_files: { status: 400, title: 'The request has more than one file' },
  malformed_multipart: { status: 400, title: 'The multipart body cannot be read' },
  malformed_request: { status: 400, title: 'The request cannot be read' },
  not_found: { status: 404, title: 'There is nothing at this path' },
  upload_not_found: { status: 404, title: 'There is no such upload' },
  method_not_allowed: { status: 405, title: 'The path does not take this method' },
  file_too_large: { status: 413, title: 'The file is larger than this server takes' },
  not_multipart: { status: 415, title: 'The body is not multipart/form-data' },
  internal: { status: 500, title: 'Something went wrong on this server' },
  unavailable: { status: 503, title: 'A service that the request needs is away' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;

/** One parameter that is not valid. */
export type ParameterError = { parameter: string; message: string };

/** An error to be answered as a problem; thrown anywhere below a route. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly code: ProblemCode;
  readonly errors: readonly ParameterError[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    code: ProblemCode,
    detail: string,
    { errors = [], headers = {}, cause }: { errors?: readonly ParameterError[]; headers?: Record<string, string>; cause?: unknown } = {},
  ) {
    super(detail, { cause });
    this.code = code;
    this.errors = errors;
    this.headers = headers;
  }
}
