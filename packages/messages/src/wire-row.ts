import { COLUMNS, type Column, type Row, rowOf, type ShapedRow, type UnshapedRow } from '@rowferry/roster';
import { z } from 'zod';
import { INTEGER_MAX, lineNumber } from './bounds.ts';
import { rowErrorSchema } from './schemas.ts';

/**
 * A shaped row on the wire: its line, then its values by place, in the order of the message's `columns`. With their names,
 * a row would be half as long again, and most of what a row costs on its way goes by bytes
 * (docs/decisions/0008-rows-as-arrays.md).
 */
type WireRow = [line: number, ...values: string[]];

/** A record that could not be shaped into columns, as it travels. */
const unshapedRowSchema = z.object({
  line: lineNumber,
  raw: z.union([z.array(z.string()), z.string(), z.record(z.string(), z.string().nullable())]),
  errors: z.array(rowErrorSchema).nonempty(),
});

/** The columns that rows of version 1 have. */
const COLUMNS_OF_VERSION_1: readonly Column[] = ['employee_name', 'company_name', 'mobile_no', 'email'];

/**
 * Reads the rows of a message. Shaped ones, which are almost all, are checked by hand: a zod union with a tuple took 0.5 µs
 * more for each, as much again as everything else that decoding it takes.
 *
 * @param columns of the message; undefined in version 1. A column that it does not name is blank.
 */
export function readWireRows(
  rows: readonly unknown[],
  columns: readonly Column[] = COLUMNS_OF_VERSION_1,
  onUnreadable: (index: number) => void = () => {},
): Row[] {
  const cellOf = COLUMNS.map((column) => columns.indexOf(column) + 1);
  return rows.flatMap((row, index): Row[] => {
    if (isWireRow(row, columns.length + 1)) return [ofWireRow(row, cellOf)];
    const unshaped = unshapedRowSchema.safeParse(row);
    if (unshaped.success) return [unshaped.data];
    onUnreadable(index);
    return [];
  });
}

function isWireRow(value: unknown, cells: number): value is WireRow {
  if (!Array.isArray(value) || value.length !== cells) return false;
  const line: unknown = value[0];
  if (typeof line !== 'number' || !Number.isInteger(line) || line <= 0 || line > INTEGER_MAX) return false;
  for (let cell = 1; cell < cells; cell++) if (typeof value[cell] !== 'string') return false;
  return true;
}

/** @param cellOf for each column of ours the cell that has it; 0 where none has. */
function ofWireRow(row: WireRow, cellOf: readonly number[]): ShapedRow {
  return rowOf(row[0], (_, index) => {
    const cell = cellOf[index] ?? 0;
    return cell === 0 ? '' : String(row[cell]);
  });
}

/** A row as `readWireRows` reads it, with the values of all `COLUMNS`. */
export function toWireRow(row: Row): WireRow | UnshapedRow {
  if ('errors' in row) return row;
  const wire: WireRow = [row.line];
  for (const column of COLUMNS) wire.push(row[column]);
  return wire;
}
