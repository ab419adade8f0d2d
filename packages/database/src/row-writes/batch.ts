import { COLUMNS, type Employee, type Outcome, type Raw, type RowError } from '@rowferry/roster';
import { plainArray, textArray, toJsonb } from '../connection/sql-values.ts';

/** A row on its way into the ledger: where it stands in which file, and how often its message was received. */
type Address = { uploadId: string; line: number; attempts: number };

/** `receivedAtMicros`: `received_at` of its upload, in microseconds since 1970: Postgres's precision, which a `Date` lacks. */
export type ValidRow = Address & { receivedAtMicros: number; employee: Employee };
export type RejectedRow = Address & { raw: Raw; errors: readonly RowError[] };

/** Rows that are written together. */
export type Batch = { valid: readonly ValidRow[]; rejected: readonly RejectedRow[] };

/** What a statement says of its batch: how many rows entered the ledger, and which ones are to be written again. */
export type WrittenRow = { outcome: Outcome; rows: number } | { outcome: 'deferred'; upload_id: string; line: number };

/** Names for `as v (…)` and for select lists. */
export const COLUMN_LIST = COLUMNS.join(', ');

/** The values of a row as JSON, as the ledger keeps them. */
export function rawOf(row: string): string {
  return `jsonb_build_object(${COLUMNS.map((column) => `'${column}', ${row}.${column}`).join(', ')})`;
}

/** A batch as two tables, the beginning of a `with`; it takes `bindingsOf` the batch. */
export const BATCH = `
  valid as (
    select v.*, timestamptz 'epoch' + received_micros * interval '1 microsecond' as received_at
    from unnest(?::uuid[], ?::integer[], ?::smallint[], ?::bigint[], ${COLUMNS.map(() => '?::text[]').join(', ')})
      as v (upload_id, line, attempts, received_micros, ${COLUMN_LIST})
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
    plainArray(valid.map(({ receivedAtMicros }) => receivedAtMicros)),
    ...COLUMNS.map((column) => textArray(valid.map(({ employee }) => employee[column]))),
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
