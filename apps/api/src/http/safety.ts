import cors from 'cors';
import type { RequestHandler } from 'express';
import { rateLimit } from 'express-rate-limit';
import helmet from 'helmet';
import { ApiProblem } from '../problems/api-problem.ts';
import { callerKey } from './caller-key.ts';
import { REQUEST_ID_HEADER } from './request-log.ts';

const MINUTE = 60 * 1000;
const CORS_MAX_AGE_SECONDS = 600;

/** Headers that make browsers careful: an answer of the API is no page, runs nothing and is kept nowhere. */
export function safeHeaders(): RequestHandler[] {
  return [
    helmet({
      contentSecurityPolicy: { useDefaults: false, directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] } },
      // Of this host only: whether its neighbours have TLS is not for the API to say.
      strictTransportSecurity: { includeSubDomains: false },
    }),
    (_request, response, next) => {
      response.set('Cache-Control', 'no-store');
      next();
    },
  ];
}

/** Lets pages of other sites call, if these origins are listed; without any, no browser lets a page read an answer. */
export function crossOrigin(origins: readonly string[]): RequestHandler[] {
  if (origins.length === 0) return [];
  return [
    cors({
      origin: [...origins],
      methods: ['GET', 'POST', 'PUT', 'DELETE'],
      allowedHeaders: ['Authorization', 'Content-Type', 'Idempotency-Key', 'Last-Event-ID', REQUEST_ID_HEADER],
      exposedHeaders: [
        'Link',
        'Location',
        'Retry-After',
        'RateLimit',
        'RateLimit-Policy',
        'Idempotency-Replayed',
        REQUEST_ID_HEADER,
      ],
      maxAge: CORS_MAX_AGE_SECONDS,
    }),
  ];
}

/**
 * So many requests a minute for each API key or token, and for each address without one. Counted when a request
 * begins: a long upload or an open event stream is one request.
 */
export function limitRate(perMinute: number): RequestHandler {
  return rateLimit({
    windowMs: MINUTE,
    limit: perMinute,
    standardHeaders: 'draft-8',
    legacyHeaders: false,
    keyGenerator: callerKey,
    handler: (_request, _response, next) =>
      next(new ApiProblem('rate_limited', `This server takes ${perMinute} requests a minute.`)),
    // It would print its advice about proxies past the log.
    validate: false,
  });
}
