import type { Employee } from './columns.ts';
import { checkRow } from './employee.ts';
import { type Raw, type Row, valuesOf } from './row.ts';
import type { RowError } from './row-error.ts';

export type ValidationResult = { ok: true; employee: Employee } | { ok: false; raw: Raw; errors: readonly RowError[] };

/** Whether a row may land: one that could not be shaped may not, the others are checked against the rules. */
export function validateRow(row: Row): ValidationResult {
  if ('errors' in row) return { ok: false, raw: row.raw, errors: row.errors };
  const check = checkRow(row);
  return check.ok ? check : { ...check, raw: valuesOf(row) };
}
