import type { RowValues } from './columns.ts';
import type { HeaderMap } from './header.ts';
import { trimMarks } from './invisible-marks.ts';
import type { RowError } from './row-error.ts';
import { fromSpreadsheet } from './spreadsheet-safe.ts';

/** A record with a value for every column; whether the values are good is the consumer's to say. */
export type ShapedRow = RowValues & { line: number };

/** What a record looked like that cannot be shaped: its fields where they could be told apart, else its text. */
export type Raw = string[] | string | Record<string, string>;

/** A record that could not be shaped into columns. It travels all the same: every record is one row of one message. */
export type UnshapedRow = { line: number; raw: Raw; errors: readonly RowError[] };

export type Row = ShapedRow | UnshapedRow;

/** Gives a record's fields their columns, each without what tells a spreadsheet that it is text. */
export function shapeRow(line: number, fields: readonly string[], header: HeaderMap): Row {
  if (!fits(fields, header)) return { line, raw: [...fields], errors: [fieldCount(fields.length, header.width)] };
  const { positions } = header;
  return {
    line,
    employee_name: fromSpreadsheet(fields[positions.employee_name] ?? ''),
    company_name: fromSpreadsheet(fields[positions.company_name] ?? ''),
    mobile_no: fromSpreadsheet(fields[positions.mobile_no] ?? ''),
    email: fromSpreadsheet(fields[positions.email] ?? ''),
  };
}

/** The values of a shaped row, without its address. */
export function valuesOf({ employee_name, company_name, mobile_no, email }: ShapedRow): RowValues {
  return { employee_name, company_name, mobile_no, email };
}

/**
 * Whether a record has the fields that the header says, give or take empty ones at the end: exports that end each line
 * with a delimiter write one more, and Excel leaves out the last columns of rows among which they are empty. One that is
 * read from must be there, or the record is cut off.
 */
function fits(fields: readonly string[], { width, positions }: HeaderMap): boolean {
  if (fields.length === width) return true;
  if (fields.length < width) return fields.length > Math.max(...Object.values(positions));
  return fields.slice(width).every((field) => trimMarks(field) === '');
}

function fieldCount(found: number, expected: number): RowError {
  return {
    code: 'field_count',
    column: null,
    message: `has ${found} ${found === 1 ? 'field' : 'fields'}, the header has ${expected}`,
  };
}
