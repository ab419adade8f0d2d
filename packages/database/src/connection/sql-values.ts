/**
 * An array as Postgres reads it in text form (https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO). A batch
 * travels as a dozen of these: node-postgres's own conversion, and knex's look through every element for `undefined`,
 * took a tenth of the consumer's time.
 *
 * Where nothing is escaped but quotes and backslashes, JSON writes the same but for its brackets: a fifth faster, and with
 * half of the garbage.
 */
export function textArray(values: readonly (string | null)[]): string {
  const json = JSON.stringify(values);
  return OTHER_ESCAPE.test(json) ? `{${values.map(quote).join(',')}}` : `{${json.slice(1, -1)}}`;
}

/** What JSON escapes otherwise: control characters and lone surrogates. A letter behind an escaped backslash looks the same. */
const OTHER_ESCAPE = /\\[bfnrtu]/;

/** The same for values that need no quotes: numbers and UUIDs. */
export function plainArray(values: readonly (number | string)[]): string {
  return `{${values.join(',')}}`;
}

function quote(value: string | null): string {
  if (value === null) return 'NULL';
  return SPECIAL.test(value) ? `"${value.replace(/["\\]/g, '\\$&')}"` : `"${value}"`;
}

const SPECIAL = /["\\]/;

/** JSON that jsonb can hold: it has no U+0000 and no lone surrogates, so U+FFFD stands for them. */
export function toJsonb(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => {
    if (typeof item === 'string') return toText(item);
    if (typeof item !== 'object' || item === null || Array.isArray(item)) return item;
    return Object.fromEntries(Object.entries(item).map(([key, inner]) => [toText(key), inner]));
  });
}

/** Text that Postgres can hold. */
export function toText(value: string): string {
  return value.toWellFormed().replaceAll('\0', '\ufffd');
}
