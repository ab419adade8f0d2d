import { type Column, REQUIRED_COLUMNS, VALUE_COLUMNS } from '@rowferry/roster';

/**
 * What an employee's values come to: two rows with the same content change nothing about each other. Required values stand
 * by their place, optional ones after their name, and blank ones not at all: so the content stays what it was when an
 * optional column is added. No value has a chr(31) in it, which is a control character.
 */
export const CONTENT = (row: string) =>
  `hashtextextended(concat_ws(chr(31), ${VALUE_COLUMNS.map((column) => contentOf(row, column)).join(', ')}), 0)`;

function contentOf(row: string, column: Column): string {
  return REQUIRED_COLUMNS.includes(column) ? `${row}.${column}` : `'${column}=' || ${row}.${column}`;
}

/** What a row can change of an employee, as a list. */
export function valuesOf(row: string): string {
  return VALUE_COLUMNS.map((column) => `${row}.${column}`).join(', ');
}
