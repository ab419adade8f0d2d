/** JSON that jsonb can hold: it has no U+0000 and no lone surrogates, so U+FFFD stands for them. */
export function toJsonb(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'string' ? toText(item) : item));
}

/** Text that Postgres can hold. */
export function toText(value: string): string {
  return value.toWellFormed().replaceAll('\0', '\ufffd');
}
