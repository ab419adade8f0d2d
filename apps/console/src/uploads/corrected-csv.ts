import { COLUMNS, type Column } from '../api/settings.ts';
import type { FailedRow } from '../api/types.ts';

/** The cells of a row as they are corrected. */
export type Values = Record<Column, string>;

/** The cells of a rejected row; undefined where its fields do not fit the columns. */
export function valuesOf(raw: FailedRow['raw']): Values | undefined {
  if (typeof raw === 'string' || Array.isArray(raw)) return undefined;
  return Object.fromEntries(COLUMNS.map((column) => [column, raw[column] ?? ''])) as Values;
}

/** Whether cells say the same. */
export function isSame(a: Values, b: Values | undefined): boolean {
  return b !== undefined && COLUMNS.every((column) => a[column] === b[column]);
}

/** A file of these rows, with our own header (RFC 4180): every cell is in quotes, so nothing in it is taken for anything else. */
export function correctedCsv(rows: readonly Values[]): string {
  const cells = [COLUMNS, ...rows.map((row) => COLUMNS.map((column) => row[column]))];
  return cells.map((row) => `${row.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(',')}\r\n`).join('');
}
