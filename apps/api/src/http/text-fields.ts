import type { Request } from 'express';
import { ApiProblem } from '../problems/api-problem.ts';

const KIB = 1024;
/** Fields of text that a form may have, and bytes of each. */
export const TEXT_FIELDS = { count: 80, bytes: 16 * KIB };

/** Fields of text of a form; of several with one name, all. */
export type TextFields = Readonly<Record<string, string | string[]>>;

/** The fields of text that have come so far. What multer makes of `a[b]` has no name that anybody here takes. */
export function textFieldsOf(request: Request): TextFields {
  const fields: object = request.body ?? {};
  const entries = Object.entries(fields).map(([name, value]: [string, unknown]): [string, string | string[]] => {
    if (typeof value === 'string') return [name, value];
    return isTexts(value) ? [name, value] : [`${name}[]`, []];
  });
  return Object.fromEntries(entries);
}

function isTexts(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

/**
 * The file of a form is read while it arrives, so what says how comes first.
 *
 * @throws ApiProblem `field_after_file` when one of the fields `known` came after it.
 */
export function refuseLateFields(
  known: ReadonlySet<string>,
  field: string,
  before: TextFields,
  after: TextFields,
): void {
  const late = Object.keys(after).filter((name) => known.has(name) && countOf(before[name]) < countOf(after[name]));
  if (late.length === 0) return;
  const errors = late.map((parameter) => ({ parameter, message: 'came after the file' }));
  const detail =
    `${late.join(', ')} came after the file, which is read while it arrives. Put all other fields in front of it, ` +
    `with curl -F ${late[0]}=… -F ${field}=@staff.csv, or into the query.`;
  throw new ApiProblem('field_after_file', detail, { errors });
}

function countOf(value: string | string[] | undefined): number {
  return value === undefined ? 0 : [value].flat().length;
}
