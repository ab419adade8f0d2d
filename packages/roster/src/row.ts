import { z } from 'zod';
import type { RowValues } from './columns.ts';
import type { HeaderMap } from './header.ts';
import { type RowError, rowErrorSchema } from './row-error.ts';

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

/**
 * Gives a record's fields their columns. One trailing empty field more than the header has is tolerated, as
 * spreadsheets and exports that end each line with a delimiter write it.
 */
export function shapeRow(line: number, fields: readonly string[], header: HeaderMap): Row {
  if (!hasWidth(fields, header.width))
    return { line, raw: [...fields], errors: [fieldCount(fields.length, header.width)] };
  const { positions } = header;
  return {
    line,
    employee_name: fields[positions.employee_name] ?? '',
    company_name: fields[positions.company_name] ?? '',
    mobile_no: fields[positions.mobile_no] ?? '',
    email: fields[positions.email] ?? '',
  };
}

/** The values of a shaped row, without its address. */
export function valuesOf({ employee_name, company_name, mobile_no, email }: ShapedRow): RowValues {
  return { employee_name, company_name, mobile_no, email };
}

function hasWidth(fields: readonly string[], width: number): boolean {
  if (fields.length <= width) return fields.length === width;
  return fields.slice(width).every((field) => field.trim() === '');
}

function fieldCount(found: number, expected: number): RowError {
  return { code: 'field_count', column: null, message: `has ${found} fields, the header has ${expected}` };
}
