import { KEY_COLUMN, NAME_COLUMN, VALUE_COLUMNS } from '@rowferry/roster';
import { CONTENT, valuesOf } from './employee-content.ts';

/**
 * The part of `MERGE_ROWS` that decides which rows get the employees that are there already. It takes `newest`.
 *
 * The version of an employee is that of the newest row that names it: (received_at, upload_id, line), where received_at is that
 * of the upload. It moves on also where a row changes nothing: otherwise a version in between, delivered late, would win. It
 * is kept apart, in `employee_versions`, so that a row that changes nothing does not write the employee and its indexes again
 * (docs/decisions/0026-versions-of-employees.md). An employee without an entry has the version that it was inserted with.
 *
 * - `known`: the employees that are there. `is_confirmed`: the newest row that names the employee changed nothing; so
 *   what it was before that row's upload is what it is.
 * - `targets`: the rows beside the employees, whose columns are null where there is none. `is_older`: the employee has
 *   a newer version, and never again an older one, so the row is superseded. `is_same`: the row changes nothing about the
 *   employee, neither values nor what it was before this upload.
 * - `claimed`: only a row whose employee is as this statement's snapshot has it may have it: each write of an
 *   entry counts `writes` up. All claims are made in order of id, so that two batches cannot deadlock. Who has the
 *   claim is the only one to write the employee until the end of the transaction.
 */
export const CLAIM_EMPLOYEES = `known as (
    select e.id, e.${KEY_COLUMN}, ${valuesOf('e')}, ${CONTENT('e')} as content, e.content_before, e.name_before,
      coalesce(v.received_at, e.received_at) as received_at,
      coalesce(v.upload_id, e.upload_id) as upload_id,
      coalesce(v.line, e.line) as line,
      coalesce(v.writes, 0) as writes,
      coalesce((v.upload_id, v.line) <> (e.upload_id, e.line), false) as is_confirmed
    from newest n
    join employees e on e.${KEY_COLUMN} = n.${KEY_COLUMN}
    left join employee_versions v on v.employee_id = e.id
  ),
  seen as (
    select id, ${KEY_COLUMN}, ${VALUE_COLUMNS.join(', ')}, content, received_at, upload_id, line, writes,
      case when is_confirmed then content else content_before end as content_before,
      case when not is_confirmed then name_before end as name_before
    from known
  ),
  targets as (
    select *, content_before = content_now and has_same_values as is_same
    from (
      select
        n.*, s.id, s.writes, s.content as content_now,
        case when s.upload_id = n.upload_id then coalesce(s.content_before, 0) else s.content end as content_before,
        case
          when s.upload_id <> n.upload_id then s.${NAME_COLUMN}
          when s.content_before <> 0 then coalesce(s.name_before, s.${NAME_COLUMN})
        end as name_then,
        (s.received_at, s.upload_id, s.line) >= (n.received_at, n.upload_id, n.line) as is_older,
        (${valuesOf('n')}) is not distinct from (${valuesOf('s')}) as has_same_values
      from newest n left join seen s on s.${KEY_COLUMN} = n.${KEY_COLUMN}
    ) compared
  ),
  claimed as (
    insert into employee_versions as v (employee_id, received_at, upload_id, line, writes)
    select id, received_at, upload_id, line, writes + 1 from targets where not is_older order by id
    on conflict (employee_id) do update set
      received_at = excluded.received_at, upload_id = excluded.upload_id, line = excluded.line, writes = excluded.writes
    where v.writes = excluded.writes - 1
    returning v.employee_id
  )`;
