import { z } from 'zod';

/** The largest `integer` of Postgres (https://www.postgresql.org/docs/current/datatype-numeric.html). */
export const INTEGER_MAX = 2 ** 31 - 1;
/** A date and a time with nanoseconds. */
const MOMENT_LENGTH_MAX = '2026-01-01T00:00:00.000000000Z'.length;

/** How many, where the column is an `integer`, or where sums of so many must fit into a `bigint`. */
export const count = z.int().nonnegative().max(INTEGER_MAX);
/** How many, where the column is a `bigint`. */
export const largeCount = z.int().nonnegative();
/** A line of a file; the column is an `integer`. */
export const lineNumber = z.int().positive().max(INTEGER_MAX);

/** A moment that `timestamptz` holds, and that an upload id can have: since 1970, of a year with four digits. */
export const moment = z.iso
  .datetime()
  .max(MOMENT_LENGTH_MAX)
  .refine((text) => Date.parse(text) >= 0, 'is before 1970');

/** Text that Postgres can hold: without U+0000 and without halves of surrogate pairs. */
export function storableText(lengthMax: number) {
  return z
    .string()
    .max(lengthMax)
    .refine((text) => text.isWellFormed() && !text.includes('\0'), 'has a character that cannot be stored');
}
