import { byColumn, COLUMNS, type Column, REQUIRED_COLUMNS, type RowValues } from './columns.ts';
import type { HeaderMap } from './header.ts';
import { isInvisible } from './invisible-marks.ts';
import type { RowError } from './row-error.ts';
import { fromSpreadsheet } from './spreadsheet-safe.ts';

/** A record with a value for every column; whether the values are good is the consumer's to say. */
export type ShapedRow = RowValues & { line: number };

/** What a record looked like that cannot be shaped: its fields where they could be told apart, else its text. */
export type Raw = string[] | string | Readonly<Record<string, string | null>>;

/** A record that could not be shaped into columns. It travels all the same: every record is one row of one message. */
export type UnshapedRow = { line: number; raw: Raw; errors: readonly RowError[] };

export type Row = ShapedRow | UnshapedRow;

/** Gives a record's fields their columns, each without what tells a spreadsheet that it is text. */
export function shapeRow(line: number, fields: readonly string[], header: HeaderMap): Row {
  if (!fits(fields, header)) return { line, raw: [...fields], errors: [fieldCount(fields.length, header.width)] };
  const { positions } = header;
  return rowOf(line, (column) => {
    const position = positions[column];
    return position === undefined ? '' : fromSpreadsheet(fields[position] ?? '');
  });
}

/** The values of a shaped row, without its line. */
export function valuesOf(row: ShapedRow): RowValues {
  return byColumn((column) => row[column]);
}

/** A row with this value in each column. */
export function rowOf(line: number, value: (column: Column, index: number) => string): ShapedRow {
  const row: Partial<ShapedRow> & { line: number } = { line };
  for (let index = 0; index < COLUMNS.length; index++) {
    const column = COLUMNS[index] as Column;
    row[column] = value(column, index);
  }
  // Every column was set.
  return row as ShapedRow;
}

/**
 * Whether a record has the fields that the header says, give or take empty ones at the end: exports that end each line
 * with a delimiter write one more, and Excel leaves out the last columns of rows among which they are empty. A required
 * one must be there, or the record is cut off.
 */
function fits(fields: readonly string[], { width, positions }: HeaderMap): boolean {
  if (fields.length === width) return true;
  if (fields.length < width) return REQUIRED_COLUMNS.every((column) => (positions[column] ?? width) < fields.length);
  return fields.slice(width).every(isInvisible);
}

function fieldCount(found: number, expected: number): RowError {
  return {
    code: 'field_count',
    column: null,
    message: `has ${found} ${found === 1 ? 'field' : 'fields'}, the header has ${expected}`,
  };
}
