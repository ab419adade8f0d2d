import type { IncomingMessage } from 'node:http';
import express, { type Request, type Response } from 'express';
import type { z } from 'zod';
import { JSON_BODY_MAX_BYTES } from '../limits.ts';
import { ApiProblem } from '../problems/api-problem.ts';
import { fileHint } from './hints.ts';
import { checkBody } from './parameters.ts';

/** Bytes of the body as the request says itself; undefined of one that does not say it. */
export function announcedBytes({ headers }: IncomingMessage): number | undefined {
  const length = headers['content-length'];
  return length === undefined ? undefined : Number(length);
}

/** Whether a request has a body of which something has not come yet. */
export function isBodyUnderWay(request: IncomingMessage): boolean {
  const hasBody = (announcedBytes(request) ?? 0) > 0 || request.headers['transfer-encoding'] !== undefined;
  return hasBody && !request.complete;
}

const parseJson = express.json({ limit: JSON_BODY_MAX_BYTES, inflate: false, type: 'application/json' });

/**
 * Reads the JSON body of a request and checks it.
 *
 * @throws ApiProblem `not_json`, `body_too_large`, `malformed_json`, `invalid_body`
 */
export async function readJsonBody(schema: z.ZodObject, request: Request, response: Response): Promise<unknown> {
  if (!request.is('application/json'))
    throw new ApiProblem('not_json', `Send the body as application/json.${fileHint(request)}`);
  // The parser would first read all of it.
  if ((announcedBytes(request) ?? 0) > JSON_BODY_MAX_BYTES)
    throw new ApiProblem('body_too_large', `The body has more than ${JSON_BODY_MAX_BYTES} bytes.`);
  await new Promise<void>((resolve, reject) => {
    parseJson(request, response, (error: unknown) => (error === undefined ? resolve() : reject(error)));
  });
  return checkBody(schema, request.body);
}
