import type { Employee, Outcome, Raw, RowError } from '@rowferry/roster';
import { plainArray, textArray, toJsonb } from '../connection/sql-values.ts';

/** A row on its way into the ledger: where it stands in which file, and how often its message was received. */
type Address = { uploadId: string; line: number; attempts: number };

export type ValidRow = Address & { employee: Employee };
export type RejectedRow = Address & { raw: Raw; errors: readonly RowError[] };

/** Rows that are written together. */
export type Batch = { valid: readonly ValidRow[]; rejected: readonly RejectedRow[] };

/** What a statement says of its batch: how many rows entered the ledger, and which ones are to be written again. */
export type WrittenRow = { outcome: Outcome; rows: number } | { outcome: 'deferred'; upload_id: string; line: number };

/** A batch as two tables, the beginning of a `with`; it takes `bindingsOf` the batch. */
export const BATCH = `
  valid as (
    select * from unnest(
      ?::uuid[], ?::integer[], ?::smallint[], ?::text[], ?::text[], ?::text[], ?::text[]
    ) as v (upload_id, line, attempts, employee_name, company_name, mobile_no, email)
  ),
  rejected as (
    select distinct on (upload_id, line) * from unnest(
      ?::uuid[], ?::integer[], ?::smallint[], ?::jsonb[], ?::jsonb[]
    ) as r (upload_id, line, attempts, raw, errors)
  )`;

/** What `BATCH` takes: an array for each column. */
export function bindingsOf({ valid, rejected }: Batch): string[] {
  return [
    ...addressArrays(valid),
    textArray(valid.map(({ employee }) => employee.employee_name)),
    textArray(valid.map(({ employee }) => employee.company_name)),
    textArray(valid.map(({ employee }) => employee.mobile_no)),
    textArray(valid.map(({ employee }) => employee.email)),
    ...addressArrays(rejected),
    textArray(rejected.map((row) => toJsonb(row.raw))),
    textArray(rejected.map((row) => toJsonb(row.errors))),
  ];
}

function addressArrays(rows: readonly Address[]): string[] {
  return [
    plainArray(rows.map(({ uploadId }) => uploadId)),
    plainArray(rows.map(({ line }) => line)),
    plainArray(rows.map(({ attempts }) => attempts)),
  ];
}
