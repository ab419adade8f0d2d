import { z } from 'zod';
import { REQUEST_ID_MAX } from '../limits.ts';
import { ERRORS_MAX } from './api-problem.ts';
import { PROBLEMS, type ProblemCode } from './catalogue.ts';

const TEXT_MAX = 16_384;

const text = (maxLength: number) => z.string().max(maxLength);

const CODES = Object.keys(PROBLEMS) as [ProblemCode, ...ProblemCode[]];

/** The body of a problem (RFC 9457). */
export const problemSchema = z
  .object({
    type: z.literal('about:blank'),
    title: text(200),
    status: z
      .int()
      .min(400)
      .max(599)
      .meta({ override: { format: 'int32' } }),
    code: z.enum(CODES).describe('Stable; docs/errors.md says what to do about each.'),
    detail: text(TEXT_MAX).describe('What it is this time, for people.'),
    instance: text(TEXT_MAX).describe('The path that was asked for.'),
    requestId: text(REQUEST_ID_MAX).describe('The `X-Request-Id` of this request; the server’s log has the same.'),
    errors: z
      .array(z.object({ parameter: text(TEXT_MAX), message: text(TEXT_MAX) }))
      .max(ERRORS_MAX)
      .optional()
      .describe(`Each parameter that is not valid; at most ${ERRORS_MAX} are named.`),
  })
  .meta({ id: 'Problem' });

export type Problem = z.input<typeof problemSchema>;
