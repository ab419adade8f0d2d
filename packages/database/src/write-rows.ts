import type { Employee, OutcomeCounts, Raw, RowError } from '@rowferry/roster';
import type { Database } from './connection.ts';

/** A row on its way into the ledger: where it stands in which file, and how often its message was received. */
type Address = { uploadId: string; line: number; attempts: number };

export type ValidRow = Address & { employee: Employee };
export type RejectedRow = Address & { raw: Raw; errors: readonly RowError[] };

/**
 * Writes a batch in one statement, hence in one transaction and one round trip: what commits is the whole batch or
 * nothing of it. Delivered again, late, in another order or concurrently, it changes nothing:
 *
 * - `fresh`: rows that the ledger has are left out, so that their outcome stays the one they got first.
 * - `newest`: of the rows with one e-mail, the newest version; `on conflict` refuses to update a row twice.
 * - `written`: in order of e-mail, so that two batches lock shared employees in one order and cannot deadlock. A
 *   write lands only over a smaller version (upload_id, line). The version moves on also where nothing else changes:
 *   otherwise a version in between, delivered late, would win over this one. `xmax = 0` tells an insert;
 *   `updated_at` moves to this statement's time only with a change, which tells an update from an unchanged row.
 * - `entered`: each (upload_id, line) enters the ledger once. Two deliveries of one row at the same time both come
 *   this far; the second waits for the first's commit, enters nothing and so counts nothing.
 * - `counted`: only what was entered counts. The shard follows the connection, so concurrent batches of one upload
 *   mostly add to different rows.
 *
 * The outcome must be known before the row enters the ledger, because one statement cannot change a row twice; hence
 * the anti-join first instead of `insert … returning` (docs/decisions/0002-one-statement-write.md).
 */
const WRITE_ROWS = `
  with valid as (
    select * from unnest(
      ?::uuid[], ?::integer[], ?::smallint[], ?::text[], ?::text[], ?::text[], ?::text[]
    ) as v (upload_id, line, attempts, employee_name, company_name, mobile_no, email)
  ),
  fresh as (
    select distinct on (upload_id, line) *
    from valid v
    where not exists (select from upload_rows r where r.upload_id = v.upload_id and r.line = v.line)
  ),
  newest as (
    select distinct on (email) * from fresh order by email, upload_id desc, line desc
  ),
  written as (
    insert into employees as e (employee_name, company_name, mobile_no, email, upload_id, line)
    select employee_name, company_name, mobile_no, email, upload_id, line from newest order by email
    on conflict (email) do update set
      employee_name = excluded.employee_name,
      company_name = excluded.company_name,
      mobile_no = excluded.mobile_no,
      upload_id = excluded.upload_id,
      line = excluded.line,
      updated_at = case
        when (e.employee_name, e.company_name, e.mobile_no)
          is distinct from (excluded.employee_name, excluded.company_name, excluded.mobile_no)
        then statement_timestamp()
        else e.updated_at
      end
    where (e.upload_id, e.line) < (excluded.upload_id, excluded.line)
    returning upload_id, line, case
      when xmax = 0 then 'inserted'
      when updated_at = statement_timestamp() then 'updated'
      else 'unchanged'
    end as outcome
  ),
  outcomes as (
    select f.upload_id, f.line, f.attempts, coalesce(w.outcome, 'superseded') as outcome, null::jsonb as raw, null::jsonb as errors
    from fresh f left join written w using (upload_id, line)
    union all
    select upload_id, line, attempts, 'rejected', raw, errors
    from unnest(?::uuid[], ?::integer[], ?::smallint[], ?::jsonb[], ?::jsonb[]) as r (upload_id, line, attempts, raw, errors)
  ),
  entered as (
    insert into upload_rows (upload_id, line, outcome, attempts, raw, errors)
    select upload_id, line, outcome::row_outcome, attempts, raw, errors from outcomes order by upload_id, line
    on conflict (upload_id, line) do nothing
    returning upload_id, outcome
  ),
  counted as (
    insert into upload_counts as c (upload_id, shard, inserted, updated, unchanged, superseded, rejected)
    select
      upload_id,
      pg_backend_pid() % 8,
      count(*) filter (where outcome = 'inserted'),
      count(*) filter (where outcome = 'updated'),
      count(*) filter (where outcome = 'unchanged'),
      count(*) filter (where outcome = 'superseded'),
      count(*) filter (where outcome = 'rejected')
    from entered group by upload_id order by upload_id
    on conflict (upload_id, shard) do update set
      inserted = c.inserted + excluded.inserted,
      updated = c.updated + excluded.updated,
      unchanged = c.unchanged + excluded.unchanged,
      superseded = c.superseded + excluded.superseded,
      rejected = c.rejected + excluded.rejected,
      updated_at = now()
  )
  select outcome, count(*) as rows from entered group by outcome`;

/**
 * Lands rows exactly once and records what became of each.
 *
 * @returns how many rows this call entered into the ledger, by outcome; rows that it already had are in none.
 */
export async function writeRows(
  database: Database,
  valid: readonly ValidRow[],
  rejected: readonly RejectedRow[],
): Promise<OutcomeCounts> {
  const { rows } = await database.raw<{ rows: { outcome: keyof OutcomeCounts; rows: number }[] }>(WRITE_ROWS, [
    valid.map((row) => row.uploadId),
    valid.map((row) => row.line),
    valid.map((row) => row.attempts),
    valid.map((row) => row.employee.employee_name),
    valid.map((row) => row.employee.company_name),
    valid.map((row) => row.employee.mobile_no),
    valid.map((row) => row.employee.email),
    rejected.map((row) => row.uploadId),
    rejected.map((row) => row.line),
    rejected.map((row) => row.attempts),
    rejected.map((row) => toJsonb(row.raw)),
    rejected.map((row) => toJsonb(row.errors)),
  ]);
  const counts = { inserted: 0, updated: 0, unchanged: 0, superseded: 0, rejected: 0, dead: 0 };
  for (const row of rows) counts[row.outcome] = row.rows;
  return counts;
}

/** JSON that jsonb can hold: it has no U+0000 and no lone surrogates, so U+FFFD stands for them. */
export function toJsonb(value: unknown): string {
  return JSON.stringify(value, (_, item: unknown) => (typeof item === 'string' ? item.toWellFormed().replaceAll('\0', '\ufffd') : item));
}
