import { isSdkError, isServiceUnavailable } from '@rowferry/aws';
import { isDatabaseUnavailable, sqlState } from '@rowferry/database';
import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import { type HttpError, isHttpError } from 'http-errors';
import { ApiProblem, serviceUnavailable } from '../problems/api-problem.ts';
import { PROBLEMS, type ProblemCode } from '../problems/catalogue.ts';
import type { Problem } from '../problems/schema.ts';
import { fileHint, likelyPath } from './hints.ts';
import { announcedBytes, isBodyUnderWay } from './request-body.ts';
import { requestIdOf, routeOf } from './request-log.ts';

/** Bytes of a body that are read after its request was refused. */
const READ_ON_BYTES = 1024 * 1024;

/** Answers every error as `application/problem+json` (RFC 9457). Only what is a bug is logged as an error, with its stack. */
export const problemHandler: ErrorRequestHandler = (error: unknown, request, response, next) => {
  // The client has disconnected: nobody reads an answer, and nothing failed here.
  if (request.destroyed && !request.complete)
    return request.log.info({ route: routeOf(request) }, 'client disconnected');
  const problem = toProblem(error);
  log(request, problem);
  if (response.headersSent) return next(error);
  const { status, title } = PROBLEMS[problem.code];
  const body: Problem = {
    type: 'about:blank',
    title,
    status,
    code: problem.code,
    detail: problem.message,
    instance: request.originalUrl,
    requestId: requestIdOf(response),
    ...(problem.errors.length > 0 ? { errors: [...problem.errors] } : {}),
  };
  // Otherwise all of the body would be read, only to find the next request behind it.
  // A little of it is read on: a client that is cut off while it sends never sees the answer.
  const isSmall = (announcedBytes(request) ?? Number.POSITIVE_INFINITY) <= READ_ON_BYTES;
  if (isBodyUnderWay(request) && !isSmall) response.set('Connection', 'close');
  response.status(status).set(problem.headers).type('application/problem+json').send(JSON.stringify(body));
};

/** For what is at none of the `known` paths. */
export function notFound(known: readonly string[]): RequestHandler {
  return (request) => {
    const likely = likelyPath(request.path, known);
    const advice =
      fileHint(request) || (likely === undefined ? ' The paths are in /docs.' : ` Did you mean ${likely}?`);
    throw new ApiProblem('not_found', `There is nothing at ${request.path}.${advice}`);
  };
}

/** For the methods that a path does not take. `allowed` are those that it does. */
export function methodNotAllowed(...allowed: string[]): RequestHandler {
  return (request) => {
    const detail = `${request.path} takes ${allowed.join(', ')}, not ${request.method}.${fileHint(request)}`;
    throw new ApiProblem('method_not_allowed', detail, { headers: { Allow: allowed.join(', ') } });
  };
}

function toProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  // A refused connection looks the same, of Postgres and of S3, so the SDK's errors are recognized first.
  if (isSdkError(error) && isServiceUnavailable(error)) return unavailable('S3 or SQS', error);
  if (sqlState(error) === QUERY_CANCELED) return queryTimeout(error);
  if (isDatabaseUnavailable(error)) return unavailable('Postgres', error);
  if (isServiceUnavailable(error)) return unavailable('S3 or SQS', error);
  if (isHttpError(error) && error.expose)
    return new ApiProblem(codeOfHttpError(error), `${error.message}.`, { cause: error });
  if (isUndecodablePath(error)) return new ApiProblem('malformed_request', 'The path is not in percent-encoded UTF-8.');
  return new ApiProblem('internal', 'The error is in the server’s log, under this requestId.', { cause: error });
}

/** The router gives a URIError of its own the status 400. */
function isUndecodablePath(error: unknown): boolean {
  return error instanceof URIError && 'status' in error && error.status === 400;
}

/** Errors of Express and its body parser, by the `type` that they carry (https://github.com/expressjs/body-parser#errors). */
function codeOfHttpError(error: HttpError): ProblemCode {
  switch ('type' in error ? error.type : undefined) {
    case 'entity.parse.failed':
      return 'malformed_json';
    case 'entity.too.large':
      return 'body_too_large';
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return 'not_json';
    default:
      return 'malformed_request';
  }
}

/** SQLSTATE query_canceled: the statement's time limit has passed (Postgres, appendix A). */
const QUERY_CANCELED = '57014';

function queryTimeout(cause: unknown): ApiProblem {
  const detail = 'The query was stopped because it took too long. Ask for less, or try again later.';
  return new ApiProblem('query_timeout', detail, { cause });
}

function unavailable(service: string, cause: unknown): ApiProblem {
  return serviceUnavailable(`${service} cannot be reached at the moment. Try again later.`, cause);
}

function log(request: Request, problem: ApiProblem): void {
  const facts = { method: request.method, route: routeOf(request), code: problem.code };
  if (problem.code === 'internal') request.log.error({ ...facts, err: problem.cause }, 'request failed');
  else if (problem.code === 'unavailable') request.log.warn({ ...facts, err: problem.cause }, 'service unavailable');
  else if (problem.code === 'busy') request.log.warn(facts, 'too many concurrent requests');
}
