import type { RequestHandler } from 'express';

declare global {
  namespace Express {
    interface Request {
      /** What a proxy in front takes off the paths of this API, such as `/rowferry`; empty without one. */
      publicPrefix: string;
    }
  }
}

/** Says to all requests under which path clients see the API, so that links lead back through the proxy. */
export function publicPrefix(publicUrl: string | undefined): RequestHandler {
  const prefix = publicUrl === undefined ? '' : new URL(publicUrl).pathname.replace(/\/+$/, '');
  return (request, _response, next) => {
    request.publicPrefix = prefix;
    next();
  };
}
