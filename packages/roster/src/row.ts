import { z } from 'zod';
import type { RowValues } from './columns.ts';
import type { HeaderMap } from './header.ts';
import { type RowError, rowErrorSchema } from './row-error.ts';
import { fromSpreadsheet } from './spreadsheet-safe.ts';

const lineSchema = z.int().positive();

/** A record with a value for every column; whether the values are good is the consumer's to say. */
export const shapedRowSchema = z.object({
  line: lineSchema,
  employee_name: z.string(),
  company_name: z.string(),
  mobile_no: z.string(),
  email: z.string(),
});

/** What a record looked like that cannot be shaped: its fields where they could be told apart, else its text. */
export const rawSchema = z.union([z.array(z.string()), z.string(), z.record(z.string(), z.string())]);

/** A record that could not be shaped into columns. It travels all the same: every record is one row of one message. */
export const unshapedRowSchema = z.object({
  line: lineSchema,
  raw: rawSchema,
  errors: z.array(rowErrorSchema).nonempty(),
});

export const rowSchema = z.union([shapedRowSchema, unshapedRowSchema]);

export type ShapedRow = z.infer<typeof shapedRowSchema>;
export type UnshapedRow = z.infer<typeof unshapedRowSchema>;
export type Raw = z.infer<typeof rawSchema>;
export type Row = ShapedRow | UnshapedRow;

/** Gives a record's fields their columns, each without the mark by which a spreadsheet is told that it is text. */
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
  return fields.slice(width).every((field) => field.trim() === '');
}

function fieldCount(found: number, expected: number): RowError {
  return { code: 'field_count', column: null, message: `has ${found} fields, the header has ${expected}` };
}
