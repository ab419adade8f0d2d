/**
 * Every error that the API answers: its stable code, its title and its HTTP status (RFC 9457). docs/errors.md and
 * the OpenAPI document list the same; a test holds the three together.
 */
export const PROBLEMS = {
  invalid_parameter: { status: 400, title: 'A parameter is not valid' },
  invalid_body: { status: 400, title: 'The body does not match the schema of this path' },
  malformed_json: { status: 400, title: 'The body is not JSON' },
  no_file: { status: 400, title: 'The request has no file' },
  unexpected_field: { status: 400, title: 'The file is in a field of another name' },
  too_many_files: { status: 400, title: 'The request has more than one file' },
  malformed_multipart: { status: 400, title: 'The multipart body cannot be read' },
  malformed_request: { status: 400, title: 'The request cannot be read' },
  unauthorized: { status: 401, title: 'The request has no valid credentials' },
  insufficient_scope: { status: 403, title: 'The credentials do not allow this' },
  not_local: { status: 403, title: 'Without API keys, only requests from this machine are allowed' },
  not_found: { status: 404, title: 'No resource at this path' },
  upload_not_found: { status: 404, title: 'Upload not found' },
  method_not_allowed: { status: 405, title: 'The path does not allow this method' },
  request_timeout: { status: 408, title: 'The request took too long to arrive' },
  idempotency_key_in_use: { status: 409, title: 'A request with this Idempotency-Key is in progress' },
  parts_missing: { status: 409, title: 'Parts of the file are missing or differ from those in S3' },
  size_mismatch: { status: 409, title: 'The parts do not have the announced size' },
  upload_closed: { status: 409, title: 'The upload accepts no more parts' },
  nothing_to_redrive: { status: 409, title: 'There is nothing to redrive' },
  body_too_large: { status: 413, title: 'The body is larger than this path allows' },
  file_too_large: { status: 413, title: 'The file is larger than this server allows' },
  not_multipart: { status: 415, title: 'The body is not multipart/form-data' },
  not_csv: { status: 415, title: 'The file is not CSV' },
  not_json: { status: 415, title: 'The body is not application/json' },
  expectation_failed: { status: 417, title: 'The expectation of the request is not supported' },
  idempotency_key_reused: { status: 422, title: 'The Idempotency-Key was used for other content' },
  rate_limited: { status: 429, title: 'Too many requests' },
  headers_too_large: { status: 431, title: 'The headers are larger than this server allows' },
  internal: { status: 500, title: 'Internal server error' },
  busy: { status: 503, title: 'Too many concurrent requests of this kind' },
  not_ready: { status: 503, title: 'A service that the server needs is unreachable' },
  query_timeout: { status: 503, title: 'The query took longer than this server allows' },
  unavailable: { status: 503, title: 'A service that the request needs is unavailable' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof PROBLEMS;
