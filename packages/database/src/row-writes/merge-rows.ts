import { KEY_COLUMN, NAME_COLUMN, OUTCOMES, VALUE_COLUMNS } from '@rowferry/roster';
import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { addCounts, WARNING_COUNTS } from '../uploads/upload-counts.ts';
import { ADDRESS_NAMES } from './address-names.ts';
import { BATCH, type Batch, bindingsOf, COLUMN_LIST, rawOf, type WrittenRow } from './batch.ts';
import { CLAIM_EMPLOYEES } from './claim-employees.ts';
import { CONTENT } from './employee-content.ts';

/**
 * What the row that an employee has now did to it, compared with the employee before that row's upload. So an upload's
 * counts do not depend on the order in which its rows came.
 */
const OUTCOME_OF = (row: string, content: string) => `case
        when coalesce(${row}.content_before, 0) = 0 then 'inserted'::row_outcome
        when ${row}.content_before = ${content} then 'unchanged'::row_outcome
        else 'updated'::row_outcome
      end`;

/**
 * Lines that are looked up in the ledger together. Messages hold hundreds of consecutive lines; single ones, as of a redrive, may
 * each be in a block of their own, whose other lines are read in vain.
 */
const BLOCK_LINES = 64;

/**
 * Writes a batch in one statement, hence in one transaction and one round trip: what commits is the whole batch or
 * nothing of it. Delivered again, late, in another order or concurrently, it changes nothing:
 *
 * - `recorded`: the rows near those of the batch that the ledger has, read by blocks of lines. Of a file that comes for the
 *   first time it has none, which takes one look into its index for each block. As a plain join, Postgres looks for each row, or
 *   reads the whole ledger for each batch, as its statistics say (docs/decisions/0028-a-ledger-row-for-each-row.md).
 * - `fresh`: rows that the ledger has are left out, so that their outcome stays.
 * - `newest`: of the rows with one e-mail, the newest version; `on conflict` refuses to update a row twice.
 * - `seen`, `targets`, `claimed`: see `CLAIM_EMPLOYEES`.
 * - `made`: employees that did not exist when the statement began, in order of e-mail. One that was inserted since is left alone.
 *   Only once all claims are made: a batch that waits here for another's new employee has what that one can still wait for.
 * - `moved`: the claimed employees that a row changes. `content_before` is the employee's content before this upload, 0 if
 *   there was none. `name_before` is the employee's name before this upload where it is another.
 * - `written`: also rows that change nothing. Their claim is all that they write.
 * - `deferred`: what another transaction did after this statement's snapshot was taken is not seen: it made the employee, or
 *   claimed it first. Such rows enter nothing and are returned, to be written again.
 * - `entered`: each (upload_id, line) enters the ledger once. Two deliveries of one row at the same time both come
 *   this far; the second waits for the first's commit, enters nothing and so counts nothing. Only `dead` is not final:
 *   a dead row that is written after all is dead no more (docs/decisions/0003-redrive.md).
 * - `displaced`: an earlier line of the same upload that had the employee is superseded now, whatever it was before:
 *   of several lines with one e-mail it is always the last that counts as inserted, updated or unchanged. Its values are
 *   the employee's until now, so the ledger keeps them, as those of every superseded row.
 * - `addresses`: see `ADDRESS_NAMES`.
 * - `counted`: only what was entered or displaced counts. The shard follows the connection, so concurrent batches of
 *   one upload mostly add to different rows.
 *
 * Outcomes must be known before the rows enter the ledger, because one statement cannot change a row twice; hence the
 * anti-join first instead of `insert … returning` (docs/decisions/0002-one-statement-write.md).
 */
const MERGE_ROWS = statement(`
  with ${BATCH},
  recorded as (
    select b.upload_id, r.line
    from (select distinct upload_id, line / ${BLOCK_LINES} as block from valid) b
    cross join lateral (
      select line from upload_rows r
      where r.upload_id = b.upload_id and r.outcome <> 'dead'
        and r.line between b.block * ${BLOCK_LINES} and b.block * ${BLOCK_LINES} + ${BLOCK_LINES - 1}
      -- Keeps Postgres from joining the whole ledger instead.
      offset 0
    ) r
  ),
  fresh as (
    select distinct on (upload_id, line) *
    from valid v
    where not exists (select from recorded r where r.upload_id = v.upload_id and r.line = v.line)
  ),
  newest as (
    select distinct on (${KEY_COLUMN}) * from fresh order by ${KEY_COLUMN}, received_at desc, upload_id desc, line desc
  ),
  ${CLAIM_EMPLOYEES},
  made as (
    insert into employees (${COLUMN_LIST}, received_at, upload_id, line)
    select ${COLUMN_LIST}, received_at, upload_id, line
    from targets
    where id is null and (select count(*) from claimed) >= 0
    order by ${KEY_COLUMN}
    on conflict (${KEY_COLUMN}) do nothing
    returning ${KEY_COLUMN}, upload_id, line
  ),
  moved as (
    update employees e set
      ${VALUE_COLUMNS.map((column) => `${column} = t.${column}`).join(', ')},
      received_at = t.received_at,
      upload_id = t.upload_id,
      line = t.line,
      content_before = t.content_before,
      name_before = nullif(t.name_then, t.${NAME_COLUMN}),
      updated_at = case when t.has_same_values then e.updated_at else now() end
    from targets t join claimed c on c.employee_id = t.id
    where e.id = t.id and not t.is_same
    returning e.${KEY_COLUMN}, e.upload_id, e.line, ${OUTCOME_OF('e', CONTENT('e'))} as outcome, e.name_before
  ),
  written as (
    select ${KEY_COLUMN}, upload_id, line, 'inserted'::row_outcome as outcome, null as name_before from made
    union all
    select ${KEY_COLUMN}, upload_id, line, outcome, name_before from moved
    union all
    select t.${KEY_COLUMN}, t.upload_id, t.line, 'unchanged', null
    from targets t join claimed c on c.employee_id = t.id
    where t.is_same
  ),
  deferred as (
    select t.${KEY_COLUMN}
    from targets t
    where t.is_older is not true and not exists (select from written w where w.${KEY_COLUMN} = t.${KEY_COLUMN})
  ),
  entering as (
    select f.*, coalesce(w.outcome, 'superseded') as outcome, w.name_before
    from fresh f left join written w on w.upload_id = f.upload_id and w.line = f.line
    where not exists (select from deferred d where d.${KEY_COLUMN} = f.${KEY_COLUMN})
  ),
  outcomes as (
    select upload_id, line, attempts, outcome, case when outcome = 'superseded' then ${rawOf('f')} end as raw,
      null::jsonb as errors, name_before
    from entering f
    union all
    select upload_id, line, attempts, 'rejected'::row_outcome, raw, errors, null from rejected
  ),
  entered as (
    insert into upload_rows as r (upload_id, line, outcome, attempts, raw, errors, name_before)
    select upload_id, line, outcome, attempts, raw, errors, name_before from outcomes order by upload_id, line
    on conflict (upload_id, line) do update set
      outcome = excluded.outcome,
      attempts = r.attempts + excluded.attempts,
      raw = excluded.raw,
      errors = excluded.errors,
      name_before = excluded.name_before,
      recorded_at = now()
    where r.outcome = 'dead'
    returning r.upload_id, r.outcome, r.name_before, xmax <> 0 as was_dead
  ),
  displaced as (
    update upload_rows r set outcome = 'superseded', raw = ${rawOf('s')}, name_before = null
    from seen s join written w on w.${KEY_COLUMN} = s.${KEY_COLUMN} and w.upload_id = s.upload_id
    where r.upload_id = s.upload_id and r.line = s.line
    returning r.upload_id, ${OUTCOME_OF('s', 's.content')} as outcome, s.name_before
  ),
  ${ADDRESS_NAMES},
  entries as (
    select upload_id, outcome::text as outcome, count(*) as rows from entered group by upload_id, entered.outcome
  ),
  changes as (
    select upload_id, outcome as counted, rows from entries
    union all
    select upload_id, outcome::text, -1 from displaced
    union all
    select upload_id, 'superseded', 1 from displaced
    union all
    select upload_id, 'dead', -1 from entered where was_dead
    union all
    select upload_id, 'names_changed', 1 from entered where name_before is not null
    union all
    select upload_id, 'names_changed', -1 from displaced where name_before is not null
    union all
    select upload_id, 'shared_addresses', 1 from addresses where is_shared and not was_shared
  ),
  counted as (${addCounts('changes', (column) => `coalesce(sum(rows) filter (where counted = '${column}'), 0)`, [...OUTCOMES, ...WARNING_COUNTS])}
  )
  select outcome, rows, null::uuid as upload_id, null::integer as line from entries
  union all
  select 'deferred', 1, f.upload_id, f.line from fresh f join deferred d on d.${KEY_COLUMN} = f.${KEY_COLUMN}`);

/** Writes a batch whatever there is of its rows and their employees already: see `MERGE_ROWS`. */
export async function mergeRows(database: Database, batch: Batch): Promise<WrittenRow[]> {
  return query<WrittenRow>(database, MERGE_ROWS, bindingsOf(batch));
}
