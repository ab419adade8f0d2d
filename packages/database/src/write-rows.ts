import type { Employee, Outcome, OutcomeCounts, Raw, RowError } from '@rowferry/roster';
import { plainArray, textArray } from './array-literal.ts';
import type { Database } from './connection.ts';
import { toJsonb } from './jsonb.ts';

/** A row on its way into the ledger: where it stands in which file, and how often its message was received. */
type Address = { uploadId: string; line: number; attempts: number };

export type ValidRow = Address & { employee: Employee };
export type RejectedRow = Address & { raw: Raw; errors: readonly RowError[] };

/** What an employee's values come to: two rows with the same content change nothing about each other. */
export const CONTENT = (row: string) =>
  `hashtextextended(concat_ws(chr(31), ${row}.employee_name, ${row}.company_name, ${row}.mobile_no), 0)`;

/**
 * What the row that an employee has now did to it, compared with the employee before that row's upload. So an upload's
 * counts do not depend on the order in which its rows came.
 */
const OUTCOME_OF = (row: string, content: string) => `case
        when coalesce(${row}.content_before, 0) = 0 then 'inserted'
        when ${row}.content_before = ${content} then 'unchanged'
        else 'updated'
      end`;

/**
 * Writes a batch in one statement, hence in one transaction and one round trip: what commits is the whole batch or
 * nothing of it. Delivered again, late, in another order or concurrently, it changes nothing:
 *
 * - `fresh`: rows that the ledger has are left out, so that their outcome stays.
 * - `newest`: of the rows with one e-mail, the newest version; `on conflict` refuses to update a row twice.
 * - `seen`: the employees that are there already, locked in order of e-mail, so that two batches cannot deadlock.
 * - `written`: a write lands only over a smaller version (upload_id, line). The version moves on also where nothing
 *   else changes: otherwise a version in between, delivered late, would win over this one. `content_before` is the
 *   employee's content before this upload, 0 if there was none; null if this statement saw no employee.
 * - `deferred`: what another transaction did after this statement's snapshot was taken is not seen whole: it made the
 *   employee, so that `seen` has none; or it wrote a line of this upload, which `seen` has but whose ledger entry is
 *   not visible yet (`is_early`). Such rows enter nothing and are given back, to be written again.
 * - `entered`: each (upload_id, line) enters the ledger once. Two deliveries of one row at the same time both come
 *   this far; the second waits for the first's commit, enters nothing and so counts nothing. Only `dead` is not final:
 *   a row that lands after all is dead no more (docs/decisions/0003-redrive.md).
 * - `displaced`: an earlier line of the same upload that had the employee is superseded now, whatever it was before:
 *   of several lines with one e-mail it is always the last that counts as inserted, updated or unchanged.
 * - `counted`: only what was entered or displaced counts. The shard follows the connection, so concurrent batches of
 *   one upload mostly add to different rows.
 *
 * Outcomes must be known before the rows enter the ledger, because one statement cannot change a row twice; hence the
 * anti-join first instead of `insert … returning` (docs/decisions/0002-one-statement-write.md).
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
    where not exists (
      select from upload_rows r where r.upload_id = v.upload_id and r.line = v.line and r.outcome <> 'dead'
    )
  ),
  newest as (
    select distinct on (email) * from fresh order by email, upload_id desc, line desc
  ),
  seen as (
    select e.email, e.upload_id, e.line, e.content_before, ${CONTENT('e')} as content
    from employees e join newest n on n.email = e.email
    order by e.email
    for update of e
  ),
  targets as (
    select
      n.*,
      case when s.upload_id = n.upload_id then coalesce(s.content_before, 0) else s.content end as content_before,
      s.upload_id = n.upload_id and s.line < n.line
        and not exists (select from upload_rows r where r.upload_id = s.upload_id and r.line = s.line) as is_early
    from newest n left join seen s on s.email = n.email
  ),
  written as (
    insert into employees as e (employee_name, company_name, mobile_no, email, upload_id, line, content_before)
    select employee_name, company_name, mobile_no, email, upload_id, line, content_before
    from targets
    where is_early is not true
    order by email
    on conflict (email) do update set
      employee_name = excluded.employee_name,
      company_name = excluded.company_name,
      mobile_no = excluded.mobile_no,
      upload_id = excluded.upload_id,
      line = excluded.line,
      content_before = excluded.content_before,
      updated_at = case
        when (e.employee_name, e.company_name, e.mobile_no)
          is distinct from (excluded.employee_name, excluded.company_name, excluded.mobile_no)
        then now()
        else e.updated_at
      end
    where (e.upload_id, e.line) < (excluded.upload_id, excluded.line) and excluded.content_before is not null
    returning e.email, e.upload_id, e.line, ${OUTCOME_OF('e', CONTENT('e'))} as outcome
  ),
  deferred as (
    select t.email
    from targets t
    where t.is_early
      or t.content_before is null and not exists (select from written w where w.email = t.email)
  ),
  outcomes as (
    select f.upload_id, f.line, f.attempts, coalesce(w.outcome, 'superseded') as outcome, null::jsonb as raw, null::jsonb as errors
    from fresh f left join written w on w.upload_id = f.upload_id and w.line = f.line
    where not exists (select from deferred d where d.email = f.email)
    union all
    select distinct on (upload_id, line) upload_id, line, attempts, 'rejected', raw, errors
    from unnest(?::uuid[], ?::integer[], ?::smallint[], ?::jsonb[], ?::jsonb[]) as r (upload_id, line, attempts, raw, errors)
  ),
  entered as (
    insert into upload_rows as r (upload_id, line, outcome, attempts, raw, errors)
    select upload_id, line, outcome::row_outcome, attempts, raw, errors from outcomes order by upload_id, line
    on conflict (upload_id, line) do update set
      outcome = excluded.outcome,
      attempts = r.attempts + excluded.attempts,
      raw = excluded.raw,
      errors = excluded.errors,
      recorded_at = now()
    where r.outcome = 'dead'
    returning r.upload_id, r.outcome, xmax <> 0 as was_dead
  ),
  displaced as (
    update upload_rows r set outcome = 'superseded'
    from seen s join written w on w.email = s.email and w.upload_id = s.upload_id
    where r.upload_id = s.upload_id and r.line = s.line
    returning r.upload_id, ${OUTCOME_OF('s', 's.content')} as outcome
  ),
  changes as (
    select upload_id, outcome::text, 1 as rows from entered
    union all
    select upload_id, outcome, -1 from displaced
    union all
    select upload_id, 'superseded', 1 from displaced
    union all
    select upload_id, 'dead', -1 from entered where was_dead
  ),
  counted as (
    insert into upload_counts as c (upload_id, shard, inserted, updated, unchanged, superseded, rejected, dead)
    select
      upload_id,
      pg_backend_pid() % 8,
      coalesce(sum(rows) filter (where outcome = 'inserted'), 0),
      coalesce(sum(rows) filter (where outcome = 'updated'), 0),
      coalesce(sum(rows) filter (where outcome = 'unchanged'), 0),
      coalesce(sum(rows) filter (where outcome = 'superseded'), 0),
      coalesce(sum(rows) filter (where outcome = 'rejected'), 0),
      coalesce(sum(rows) filter (where outcome = 'dead'), 0)
    from changes group by upload_id order by upload_id
    on conflict (upload_id, shard) do update set
      inserted = c.inserted + excluded.inserted,
      updated = c.updated + excluded.updated,
      unchanged = c.unchanged + excluded.unchanged,
      superseded = c.superseded + excluded.superseded,
      rejected = c.rejected + excluded.rejected,
      dead = c.dead + excluded.dead,
      updated_at = now()
  )
  select outcome::text, count(*) as rows, null::uuid as upload_id, null::integer as line from entered group by outcome
  union all
  select 'deferred', 1, f.upload_id, f.line from fresh f join deferred d on d.email = f.email`;

type WrittenRow = { outcome: Outcome; rows: number } | { outcome: 'deferred'; upload_id: string; line: number };

/** A row is deferred when another transaction makes its employee at the same moment: seldom, and hardly twice running. */
const WRITE_ATTEMPTS = 10;

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
  const counts: OutcomeCounts = { inserted: 0, updated: 0, unchanged: 0, superseded: 0, rejected: 0, dead: 0 };
  let pending = valid;
  for (let attempt = 1; attempt <= WRITE_ATTEMPTS; attempt++) {
    const deferred = new Set<string>();
    for (const row of await writeOnce(database, pending, attempt === 1 ? rejected : [])) {
      if (row.outcome === 'deferred') deferred.add(addressOf(row.upload_id, row.line));
      else counts[row.outcome] += row.rows;
    }
    if (deferred.size === 0) return counts;
    pending = pending.filter((row) => deferred.has(addressOf(row.uploadId, row.line)));
  }
  throw new Error(`${pending.length} rows were not written in ${WRITE_ATTEMPTS} attempts`);
}

function addressOf(uploadId: string, line: number): string {
  return `${uploadId}/${line}`;
}

async function writeOnce(
  database: Database,
  valid: readonly ValidRow[],
  rejected: readonly RejectedRow[],
): Promise<WrittenRow[]> {
  const { rows } = await database.raw<{ rows: WrittenRow[] }>(WRITE_ROWS, [
    plainArray(valid.map((row) => row.uploadId)),
    plainArray(valid.map((row) => row.line)),
    plainArray(valid.map((row) => row.attempts)),
    textArray(valid.map((row) => row.employee.employee_name)),
    textArray(valid.map((row) => row.employee.company_name)),
    textArray(valid.map((row) => row.employee.mobile_no)),
    textArray(valid.map((row) => row.employee.email)),
    plainArray(rejected.map((row) => row.uploadId)),
    plainArray(rejected.map((row) => row.line)),
    plainArray(rejected.map((row) => row.attempts)),
    textArray(rejected.map((row) => toJsonb(row.raw))),
    textArray(rejected.map((row) => toJsonb(row.errors))),
  ]);
  return rows;
}
