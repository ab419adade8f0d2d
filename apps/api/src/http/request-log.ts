import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorForLog, type Logger } from '@rowferry/runtime';
import type { Response } from 'express';
import { type HttpLogger, pinoHttp } from 'pino-http';

export const REQUEST_ID_HEADER = 'X-Request-Id';

/** What a client or a proxy may call a request: nothing that could break a log line or a header. */
const SAFE_REQUEST_ID = /^[\w.:+=-]{1,64}$/;

/**
 * Gives every request an id, the one it comes with if that is safe, answers it as a header and logs with it.
 * Paths are logged without their query: a search term can be a person's name.
 */
export function requestLog(logger: Logger): HttpLogger {
  return pinoHttp({
    logger,
    useLevel: 'debug',
    quietReqLogger: true,
    customAttributeKeys: { reqId: 'requestId' },
    genReqId: nameRequest,
    wrapSerializers: false,
    serializers: {
      req: ({ method, url = '' }: IncomingMessage) => ({ method, path: url.split('?')[0] }),
      res: ({ statusCode }: ServerResponse) => ({ statusCode }),
      err: errorForLog,
    },
  });
}

function nameRequest(request: IncomingMessage, response: ServerResponse): string {
  const given = request.headers['x-request-id'];
  const id = typeof given === 'string' && SAFE_REQUEST_ID.test(given) ? given : randomUUID();
  response.setHeader(REQUEST_ID_HEADER, id);
  return id;
}

/** The id that `requestLog` gave to the request of this response. */
export function requestIdOf(response: Response): string {
  return String(response.getHeader(REQUEST_ID_HEADER));
}
