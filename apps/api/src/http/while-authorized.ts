import type { Response } from 'express';
import { ApiProblem } from '../problems/api-problem.ts';

/** Between two checks, in milliseconds. A change of the keys is noticed within two seconds more. */
const CHECK_INTERVAL_MS = 2000;

/**
 * Checks the credentials of a request again for as long as its answer goes on: a stream of events can last for days, and
 * a file as long as its client likes.
 *
 * @param onRefused is called once, with the problem that the request would be answered with if it came now, at most
 *   four seconds after a key was revoked.
 */
export function whileAuthorized(response: Response, onRefused: (problem: ApiProblem) => void): void {
  const { req: request } = response;
  const timer = setInterval(() => {
    request.reauthorize?.().catch((error: unknown) => {
      // What cannot be checked at the moment is checked the next time.
      if (!(error instanceof ApiProblem) || error.code === 'unavailable' || response.closed) return;
      clearInterval(timer);
      onRefused(error);
    });
  }, CHECK_INTERVAL_MS);
  response.once('close', () => clearInterval(timer));
}
