import { COLUMNS, type Row, rowErrorSchema, type ShapedRow, type UnshapedRow } from '@rowferry/roster';
import { z } from 'zod';

/**
 * A shaped row on the wire: values by place, in the order of `COLUMNS`. With their names, a row would be half as long
 * again, and most of what a row costs on its way goes by bytes (docs/decisions/0008-rows-as-arrays.md).
 */
type WireRow = [line: number, employee_name: string, company_name: string, mobile_no: string, email: string];
const WIRE_CELLS = 1 + COLUMNS.length;

/** A record that could not be shaped into columns, as it travels. */
const unshapedRowSchema = z.object({
  line: z.int().positive(),
  raw: z.union([z.array(z.string()), z.string(), z.record(z.string(), z.string())]),
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

/** A row as `wireRowsSchema` reads it. */
export function toWireRow(row: Row): WireRow | UnshapedRow {
  if ('errors' in row) return row;
  return [row.line, row.employee_name, row.company_name, row.mobile_no, row.email];
}
