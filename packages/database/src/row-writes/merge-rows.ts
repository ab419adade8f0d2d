import { type Column, KEY_COLUMN, NAME_COLUMN, OUTCOMES, REQUIRED_COLUMNS, VALUE_COLUMNS } from '@rowferry/roster';
import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { addCounts, WARNING_COUNTS } from '../uploads/upload-counts.ts';
import { ADDRESS_NAMES } from './address-names.ts';
import { BATCH, type Batch, bindingsOf, COLUMN_LIST, rawOf, type WrittenRow } from './batch.ts';

/**
 * What an employee's values come to: two rows with the same content change nothing about each other. Required values stand
 * by their place, optional ones after their name, and blank ones not at all: so the content stays what it was when an
 * optional column is added. No value has a chr(31) in it, which is a control character.
 */
export const CONTENT = (row: string) =>
  `hashtextextended(concat_ws(chr(31), ${VALUE_COLUMNS.map((column) => contentOf(row, column)).join(', ')}), 0)`;

function contentOf(row: string, column: Column): string {
  return REQUIRED_COLUMNS.includes(column) ? `${row}.${column}` : `'${column}=' || ${row}.${column}`;
}

/**
 * What the row that an employee has now did to it, compared with the employee before that row's upload. So an upload's
 * counts do not depend on the order in which its rows came.
 */
const OUTCOME_OF = (row: string, content: string) => `case
        when coalesce(${row}.content_before, 0) = 0 then 'inserted'
        when ${row}.content_before = ${content} then 'unchanged'
        else 'updated'
      end`;

function valuesOf(row: string): string {
  return VALUE_COLUMNS.map((column) => `${row}.${column}`).join(', ');
}

/**
 * Writes a batch in one statement, hence in one transaction and one round trip: what commits is the whole batch or
 * nothing of it. Delivered again, late, in another order or concurrently, it changes nothing:
 *
 * - `fresh`: rows that the ledger has are left out, so that their outcome stays.
 * - `newest`: of the rows with one e-mail, the newest version; `on conflict` refuses to update a row twice.
 * - `seen`: the employees that are there already, locked in order of e-mail, so that two batches cannot deadlock.
 * - `made`: employees that did not exist when the statement began. One that was inserted since is left alone, even unlocked: to
 *   wait here for a batch that locked it as one that it saw, and that waits for one made here, would be a deadlock.
 * - `moved`: only a smaller version (received_at, upload_id, line) is overwritten; received_at is that of the upload, the
 *   same for all its rows. The version moves on also where nothing else changes: otherwise a version in between, delivered
 *   late, would win over this one. `content_before` is the employee's
 *   content before this upload, 0 if there was none; null if this statement saw no employee. `name_before` is the
 *   employee's name before this upload where it is another.
 * - `deferred`: what another transaction did after this statement's snapshot was taken is not seen whole: it made the
 *   employee, so that `seen` has none; or it wrote a line of this upload, which `seen` has but whose ledger entry is
 *   not visible yet (`is_early`). Such rows enter nothing and are returned, to be written again.
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
  fresh as (
    select distinct on (upload_id, line) *
    from valid v
    where not exists (
      select from upload_rows r where r.upload_id = v.upload_id and r.line = v.line and r.outcome <> 'dead'
    )
  ),
  newest as (
    select distinct on (${KEY_COLUMN}) * from fresh order by ${KEY_COLUMN}, received_at desc, upload_id desc, line desc
  ),
  seen as (
    select e.${KEY_COLUMN}, e.upload_id, e.line, e.content_before, ${CONTENT('e')} as content, e.name_before, ${valuesOf('e')}
    from employees e join newest n on n.${KEY_COLUMN} = e.${KEY_COLUMN}
    order by e.${KEY_COLUMN}
    for update of e
  ),
  targets as (
    select
      n.*,
      case when s.upload_id = n.upload_id then coalesce(s.content_before, 0) else s.content end as content_before,
      case
        when s.upload_id <> n.upload_id then s.${NAME_COLUMN}
        when s.content_before <> 0 then coalesce(s.name_before, s.${NAME_COLUMN})
      end as name_then,
      s.upload_id = n.upload_id and s.line < n.line
        and not exists (select from upload_rows r where r.upload_id = s.upload_id and r.line = s.line) as is_early
    from newest n left join seen s on s.${KEY_COLUMN} = n.${KEY_COLUMN}
  ),
  made as (
    insert into employees (${COLUMN_LIST}, received_at, upload_id, line)
    select ${COLUMN_LIST}, received_at, upload_id, line
    from targets
    where content_before is null
    order by ${KEY_COLUMN}
    on conflict (${KEY_COLUMN}) do nothing
    returning ${KEY_COLUMN}, upload_id, line
  ),
  moved as (
    insert into employees as e (${COLUMN_LIST}, received_at, upload_id, line, content_before, name_before)
    select ${COLUMN_LIST}, received_at, upload_id, line, content_before, nullif(name_then, ${NAME_COLUMN})
    from targets
    where content_before is not null and not is_early
    order by ${KEY_COLUMN}
    on conflict (${KEY_COLUMN}) do update set
      ${VALUE_COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')},
      received_at = excluded.received_at,
      upload_id = excluded.upload_id,
      line = excluded.line,
      content_before = excluded.content_before,
      name_before = excluded.name_before,
      updated_at = case
        when (${valuesOf('e')}) is distinct from (${valuesOf('excluded')})
        then now()
        else e.updated_at
      end
    where (e.received_at, e.upload_id, e.line) < (excluded.received_at, excluded.upload_id, excluded.line)
    returning e.${KEY_COLUMN}, e.upload_id, e.line, ${OUTCOME_OF('e', CONTENT('e'))} as outcome, e.name_before
  ),
  written as (
    select ${KEY_COLUMN}, upload_id, line, 'inserted' as outcome, null as name_before from made
    union all
    select ${KEY_COLUMN}, upload_id, line, outcome, name_before from moved
  ),
  deferred as (
    select t.${KEY_COLUMN}
    from targets t
    where t.is_early
      or t.content_before is null and not exists (select from written w where w.${KEY_COLUMN} = t.${KEY_COLUMN})
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
    select upload_id, line, attempts, 'rejected', raw, errors, null from rejected
  ),
  entered as (
    insert into upload_rows as r (upload_id, line, outcome, attempts, raw, errors, name_before)
    select upload_id, line, outcome::row_outcome, attempts, raw, errors, name_before from outcomes order by upload_id, line
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
  changes as (
    select upload_id, outcome::text as counted, 1 as rows from entered
    union all
    select upload_id, outcome, -1 from displaced
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
  select outcome::text, count(*) as rows, null::uuid as upload_id, null::integer as line from entered group by outcome
  union all
  select 'deferred', 1, f.upload_id, f.line from fresh f join deferred d on d.${KEY_COLUMN} = f.${KEY_COLUMN}`);

/** Writes a batch whatever there is of its rows and their employees already: see `MERGE_ROWS`. */
export async function mergeRows(database: Database, batch: Batch): Promise<WrittenRow[]> {
  return query<WrittenRow>(database, MERGE_ROWS, bindingsOf(batch));
}
