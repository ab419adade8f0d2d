import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Logger } from '@rowferry/runtime';
import type { Request, RequestHandler, Response } from 'express';
import { REQUEST_ID_MAX } from '../limits.ts';
import { traceId } from './request-trace.ts';

declare global {
  namespace Express {
    interface Request {
      /** Set by `requestLog`. */
      id: string;
      /** Logs with the request's id. */
      log: Logger;
    }
  }
}

export const REQUEST_ID_HEADER = 'X-Request-Id';

/** What a client or a proxy may call a request: nothing that could break a log line or a header. */
const SAFE_REQUEST_ID = new RegExp(`^[\\w.:+=-]{1,${REQUEST_ID_MAX}}$`);

/**
 * Gives every request an id, the one it comes with if that is safe, answers it as a header and logs with it.
 * What is logged of a path is its route: whatever else somebody writes into a URL can be a person's name.
 */
export function requestLog(logger: Logger): RequestHandler {
  return (request, response, next) => {
    request.id = nameRequest(request);
    response.setHeader(REQUEST_ID_HEADER, request.id);
    request.log = logger.child({ requestId: request.id, traceId: traceId() });
    if (logger.isLevelEnabled('debug')) logEnd(request, response);
    next();
  };
}

/** The id that a request comes with, if that is safe, else a new one. */
export function nameRequest({ headers }: IncomingMessage): string {
  const given = headers['x-request-id'];
  return typeof given === 'string' && SAFE_REQUEST_ID.test(given) ? given : randomUUID();
}

/** The path of the contract that a request found, such as `/v1/uploads/:id`; `none` where there is no such path. */
export function routeOf({ route }: Request): string {
  return typeof route?.path === 'string' ? route.path : 'none';
}

function logEnd(request: Request, response: Response): void {
  const { method, log } = request;
  const start = performance.now();
  response.once('close', () => {
    const responseTime = Math.round(performance.now() - start);
    const message = response.writableFinished ? 'request completed' : 'request aborted';
    log.debug(
      { req: { method, route: routeOf(request) }, res: { statusCode: response.statusCode }, responseTime },
      message,
    );
  });
}

/** The id that `requestLog` gave to the request of this response. */
export function requestIdOf(response: Response): string {
  return String(response.getHeader(REQUEST_ID_HEADER));
}
