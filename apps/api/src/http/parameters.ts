import { z } from 'zod';
import { ApiProblem, type ParameterError } from '../problems/catalogue.ts';

const PAGE_MAX = 1_000_000;
const LIMIT_MAX = 100;

function wholeNumber(min: number, max: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z
    .string({ error })
    .regex(/^\d{1,10}$/, error)
    .transform(Number)
    .refine((value) => value >= min && value <= max, error);
}

/** `page` and `limit` of every list. */
export const pageParameters = {
  page: wholeNumber(1, PAGE_MAX).default(1),
  limit: wholeNumber(1, LIMIT_MAX).default(10),
};

export const idParameters = z.object({ id: z.uuid({ error: 'must be a UUID' }) });

/**
 * Checks parameters of a request against a schema.
 *
 * @throws ApiProblem `invalid_parameter`, naming every parameter that is not valid.
 */
export function checkParameters<T>(schema: z.ZodType<T>, parameters: unknown): T {
  const result = schema.safeParse(parameters);
  if (result.success) return result.data;
  const errors = result.error.issues.map(toParameterError);
  const detail = errors.map(({ parameter, message }) => `${parameter} ${message}`).join('; ');
  throw new ApiProblem('invalid_parameter', `${detail}.`, { errors });
}

function toParameterError(issue: z.core.$ZodIssue): ParameterError {
  return { parameter: issue.path.join('.'), message: issue.message };
}
