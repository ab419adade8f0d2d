import type { Delimiter } from './dialect.ts';

/** With white space at its edges an unquoted field would be trimmed. */
const NEEDS_QUOTES = /["\r\n]|^\s|\s$/;

/**
 * A record as text, CRLF at its end (RFC 4180). Read again it has the same fields; only that one of nothing but empty
 * fields is read as a blank line, that is not at all.
 */
export function formatRecord(fields: readonly string[], delimiter: Delimiter): string {
  return `${fields.map((field) => formatField(field, delimiter)).join(delimiter)}\r\n`;
}

function formatField(field: string, delimiter: Delimiter): string {
  if (!field.includes(delimiter) && !NEEDS_QUOTES.test(field)) return field;
  return `"${field.replaceAll('"', '""')}"`;
}
