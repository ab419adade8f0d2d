import { z } from 'zod';
import { COLUMNS, type RowValues } from './columns.ts';
import type { HeaderMap } from './header.ts';
import { trimMarks } from './invisible-marks.ts';
import { type RowError, rowErrorSchema } from './row-error.ts';
import { fromSpreadsheet } from './spreadsheet-safe.ts';

const lineSchema = z.int().positive();

/** A record with a value for every column; whether the values are good is the consumer's to say. */
export type ShapedRow = RowValues & { line: number };

/**
 * A shaped row on the wire: values by place, in the order of `COLUMNS`. With their names, a row would be half as long
 * again, and most of what a row costs on its way goes by bytes (docs/decisions/0008-rows-as-arrays.md).
 */
type WireRow = [line: number, employee_name: string, company_name: string, mobile_no: string, email: string];
const WIRE_CELLS = 1 + COLUMNS.length;

/** What a record looked like that cannot be shaped: its fields where they could be told apart, else its text. */
export const rawSchema = z.union([z.array(z.string()), z.string(), z.record(z.string(), z.string())]);

/** A record that could not be shaped into columns. It travels all the same: every record is one row of one message. */
export const unshapedRowSchema = z.object({
  line: lineSchema,
  raw: rawSchema,
  errors: z.array(rowErrorSchema).nonempty(),
});

/**
 * The rows of a message. Shaped ones, which are almost all, are checked by hand: a zod union with a tuple took 0.5 µs more
 * for each, as much again as everything else that decoding it takes.
 */
export const wireRowsSchema = z
  .array(z.unknown())
  .nonempty()
  .transform((rows, context): Row[] =>
    rows.map((row, index) => {
      if (isWireRow(row)) return ofWireRow(row);
      const unshaped = unshapedRowSchema.safeParse(row);
      if (unshaped.success) return unshaped.data;
      context.issues.push({
        code: 'custom',
        input: row,
        path: [index],
        message: 'is neither a row nor says why it is none',
      });
      return z.NEVER;
    }),
  );

function isWireRow(value: unknown): value is WireRow {
  if (!Array.isArray(value) || value.length !== WIRE_CELLS) return false;
  const [line, ...texts] = value;
  return Number.isSafeInteger(line) && line > 0 && texts.every((text) => typeof text === 'string');
}

function ofWireRow([line, employee_name, company_name, mobile_no, email]: WireRow): ShapedRow {
  return { line, employee_name, company_name, mobile_no, email };
}

export type UnshapedRow = z.infer<typeof unshapedRowSchema>;
export type Raw = z.infer<typeof rawSchema>;
export type Row = ShapedRow | UnshapedRow;

/** A row as `wireRowsSchema` reads it. */
export function toWireRow(row: Row): WireRow | UnshapedRow {
  if ('errors' in row) return row;
  return [row.line, row.employee_name, row.company_name, row.mobile_no, row.email];
}

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
