import { isServiceAway } from '@rowferry/aws';
import { isDatabaseAway } from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';
import type { ErrorRequestHandler, Request, RequestHandler } from 'express';
import { isHttpError } from 'http-errors';
import { ApiProblem, PROBLEMS } from './catalogue.ts';

/** Seconds after which a client may try again when a service is away. */
const RETRY_AFTER_SECONDS = 5;

/** Answers every error as `application/problem+json` (RFC 9457). Only what is a bug is logged as an error, with its stack. */
export function problemHandler(logger: Logger): ErrorRequestHandler {
  return (error: unknown, request, response, next) => {
    // Nobody is there to be answered, and nothing went wrong on this side.
    if (request.destroyed && !request.complete) return logger.info({ path: request.path }, 'a client went away');
    const problem = toProblem(error);
    const { status, title } = PROBLEMS[problem.code];
    log(logger, request, problem);
    if (response.headersSent) return next(error);
    response
      .status(status)
      .set(problem.headers)
      .type('application/problem+json')
      .send(
        JSON.stringify({
          type: 'about:blank',
          title,
          status,
          code: problem.code,
          detail: problem.message,
          instance: request.originalUrl,
          ...(problem.errors.length > 0 ? { errors: problem.errors } : {}),
        }),
      );
  };
}

export const notFound: RequestHandler = (request) => {
  throw new ApiProblem('not_found', `There is nothing at ${request.path}.`);
};

/** For the methods that a path does not take. `allowed` are those that it does. */
export function methodNotAllowed(...allowed: string[]): RequestHandler {
  return (request) => {
    throw new ApiProblem('method_not_allowed', `${request.path} takes ${allowed.join(', ')}, not ${request.method}.`, {
      headers: { Allow: allowed.join(', ') },
    });
  };
}

function toProblem(error: unknown): ApiProblem {
  if (error instanceof ApiProblem) return error;
  if (isDatabaseAway(error)) return unavailable('Postgres', error);
  if (isServiceAway(error)) return unavailable('S3', error);
  if (isHttpError(error) && error.expose) {
    return new ApiProblem('malformed_request', error.message, { cause: error });
  }
  return new ApiProblem('internal', 'The error is in the server’s log.', { cause: error });
}

function unavailable(service: string, cause: unknown): ApiProblem {
  const headers = { 'Retry-After': String(RETRY_AFTER_SECONDS) };
  return new ApiProblem('unavailable', `${service} cannot be reached at the moment. Try again later.`, { headers, cause });
}

function log(logger: Logger, request: Request, problem: ApiProblem): void {
  const facts = { method: request.method, path: request.path, code: problem.code };
  if (problem.code === 'internal') logger.error({ ...facts, err: problem.cause }, 'a request failed');
  else if (problem.code === 'unavailable') logger.warn({ ...facts, err: problem.cause }, 'a request could not be served');
}
