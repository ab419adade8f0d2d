import type { RowErrorCode } from './row-error-codes.ts';

/** A rule that a value breaks. `message` goes on after the name of its column. */
export type RuleViolation = { code: RowErrorCode; message: string };

/** The rule that a value has so many characters at most. */
export function tooLong(value: string, max: number): RuleViolation[] {
  // A string is never shorter in UTF-16 units than in characters, so most need no second count.
  if (value.length <= max) return [];
  const length = [...value].length;
  return length <= max ? [] : [{ code: 'too_long', message: `has ${length} characters, at most ${max} are allowed` }];
}
