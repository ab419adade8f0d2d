import { isBlank } from './blank-words.ts';
import { byColumn, COLUMNS, type Column, REQUIRED_COLUMNS, type RowValues } from './columns.ts';
import type { FieldAlternatives, HeaderMap } from './header/header.ts';
import { isInvisible } from './invisible-marks.ts';
import { joinParts } from './join-parts.ts';
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
export type ShapeRow = (line: number, fields: readonly string[]) => Row;

/** How the records of a file become rows. What its header says is worked out once, not for every record. */
export function rowShaper(header: HeaderMap): ShapeRow {
  const { width } = header;
  const readers = COLUMNS.map((column) => readerOf(header, column));
  const needed = fieldsNeeded(header);
  const value = (fields: readonly string[], index: number): string => {
    const reader = readers[index];
    // Almost every column of almost every file is one field: it costs no call.
    return typeof reader === 'number' ? fromSpreadsheet(fields[reader] ?? '') : (reader?.(fields) ?? '');
  };
  return (line, fields) =>
    fits(fields, width, needed)
      ? rowOf(line, (_, index) => value(fields, index))
      : { line, raw: [...fields], errors: [fieldCount(fields.length, width)] };
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

/** Where a column's value is: the index of its field, or what finds it. */
type FieldReader = number | ((fields: readonly string[]) => string);

function readerOf({ positions, constants }: HeaderMap, column: Column): FieldReader {
  const constant = constants?.[column];
  if (constant !== undefined) return () => constant;
  const position = positions[column];
  if (position === undefined) return () => '';
  return typeof position === 'number' ? position : (fields) => firstNotBlank(fields, position);
}

function firstNotBlank(fields: readonly string[], alternatives: FieldAlternatives): string {
  for (const positions of alternatives) {
    const value = joinParts(positions.map((position) => fromSpreadsheet(fields[position] ?? '')));
    if (!isBlank(value)) return value;
  }
  return '';
}

/**
 * Whether a record has the fields that the header says, give or take empty ones at the end: exports that end each line
 * with a delimiter write one more, and Excel leaves out the last columns of rows among which they are empty. A required
 * one must be there, or the record is cut off.
 */
function fits(fields: readonly string[], width: number, needed: number): boolean {
  if (fields.length === width) return true;
  return fields.length < width ? fields.length >= needed : fields.slice(width).every(isInvisible);
}

/** Fields that a record has at least: each required column must be in them, in one of its places. */
function fieldsNeeded({ width, positions, constants }: HeaderMap): number {
  const ends = REQUIRED_COLUMNS.map((column) => {
    if (constants?.[column] !== undefined) return 0;
    const position = positions[column] ?? width;
    return typeof position === 'number' ? position + 1 : Math.min(...position.map((fields) => Math.max(...fields) + 1));
  });
  return Math.max(...ends);
}

function fieldCount(found: number, expected: number): RowError {
  return {
    code: 'field_count',
    column: null,
    message: `has ${found} ${found === 1 ? 'field' : 'fields'}, the header has ${expected}`,
  };
}
