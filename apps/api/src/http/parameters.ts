import { z } from 'zod';
import { PAGE_LIMIT_MAX, UUID_LENGTH } from '../limits.ts';
import { ApiProblem, ERRORS_MAX, type ParameterError } from '../problems/api-problem.ts';
import type { ProblemCode } from '../problems/catalogue.ts';
import { nameHint } from './hints.ts';

const PAGE_MAX = 1_000_000;

/** A whole number in a URL. */
function wholeNumber(min: number, max: number, fallback: number) {
  const error = `must be a whole number from ${min} to ${max}`;
  return z
    .string({ error })
    .regex(/^\d{1,10}$/, error)
    .transform(Number)
    .refine((value) => value >= min && value <= max, error)
    .default(fallback)
    .meta(documentedAs({ type: 'integer', format: 'int32', minimum: min, maximum: max, default: fallback }));
}

/** In the OpenAPI document a parameter is what its text stands for. */
export function documentedAs(schema: object) {
  return {
    override({ jsonSchema }: { jsonSchema: Record<string, unknown> }) {
      const { description } = jsonSchema;
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
      Object.assign(jsonSchema, schema, { description });
    },
  };
}

/** `true` or `false` in a URL; false when it is not given. */
export function flag() {
  return z
    .enum(['true', 'false'], { error: 'must be true or false' })
    .default('false')
    .transform((value) => value === 'true')
    .meta(documentedAs({ type: 'boolean', default: false }));
}

/** `page` and `limit` of every list. */
export const pageParameters = {
  page: wholeNumber(1, PAGE_MAX, 1).describe('Which page, from 1.'),
  limit: wholeNumber(1, PAGE_LIMIT_MAX, 10).describe('How many a page has at most.'),
};

export const idParameters = z.object({
  id: z.uuid({ error: 'must be a UUID' }).max(UUID_LENGTH, 'must be a UUID').describe('The id of the upload.'),
});

/**
 * Checks parameters of a request against a schema.
 *
 * @throws ApiProblem `invalid_parameter`, naming every parameter that is not valid.
 */
export function checkParameters<T>(schema: z.ZodType<T>, parameters: unknown): T {
  return check(schema, parameters, 'invalid_parameter');
}

/** Express replaces what it cannot decode. @throws ApiProblem `malformed_request` when that would lose something. */
export function requireDecodable(url: string): void {
  const queryAt = url.indexOf('?');
  if (queryAt === -1 || !url.includes('%', queryAt)) return;
  try {
    decodeURIComponent(url.slice(queryAt));
  } catch {
    throw new ApiProblem('malformed_request', 'The query is not in percent-encoded UTF-8.');
  }
}

/**
 * A query that has no other parameters than these: `dryrun=true` would otherwise be an upload, and `searchterm=jane` a
 * list of everybody.
 */
export function onlyParameters(schema: z.ZodObject = z.object({})): z.ZodType {
  return schema.strict();
}

/** Checks a JSON body against a schema. @throws ApiProblem `invalid_body`, naming every member that is not valid. */
export function checkBody<T>(schema: z.ZodType<T>, body: unknown): T {
  return check(schema, body, 'invalid_body');
}

function check<T>(schema: z.ZodType<T>, value: unknown, code: ProblemCode): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const known = schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];
  const place = code === 'invalid_body' ? 'a member of this body' : 'a parameter of this path';
  const errors = result.error.issues
    .flatMap((issue) => toParameterErrors(issue, (name) => `is not ${place}${nameHint(name, known)}`))
    .slice(0, ERRORS_MAX);
  const detail = errors.map(({ parameter, message }) => `${parameter} ${message}`.trim()).join('; ');
  throw new ApiProblem(code, detail.endsWith('?') ? detail : `${detail}.`, { errors });
}

/** Characters named of a parameter that nobody knows. */
const NAME_MAX = 100;

/** Of a name that nobody knows, as much as a person reads. */
export function shownName(name: string): string {
  return name.slice(0, NAME_MAX).toWellFormed();
}

export function toParameterErrors(
  issue: z.core.$ZodIssue,
  sayUnknown = (_name: string) => 'is not a parameter of this path',
): ParameterError[] {
  if (issue.code !== 'unrecognized_keys') return [{ parameter: issue.path.join('.'), message: issue.message }];
  return issue.keys.map((key) => {
    const name = shownName(key);
    // Within a member, the names are not those of the schema's beginning.
    const message = issue.path.length === 0 ? sayUnknown(name) : 'is not known here';
    return { parameter: [...issue.path, name].join('.'), message };
  });
}
