import { KEY_COLUMN, NAME_COLUMN } from '@rowferry/roster';
import { NAMES_MAX } from '../uploads/name-facts.ts';

/** A name that a file has on an address, and on which line. */
const FACT = (row: string) => `${row}.upload_id, ${row}.${KEY_COLUMN}, ${row}.${NAME_COLUMN}, ${row}.line`;

/**
 * The part of `MERGE_ROWS` that records the names which one file has beside one address. It takes `seen` and `entering`.
 *
 * What is recorded of an address is a set of (name, first line): to record a row again, or rows in another order, makes the
 * same set. An address alone in its file is not recorded. Where several rows have it, each is, whatever comes between:
 *
 * - a superseded row, and the row of the same file that won over it: in this batch, or the one that the employee had;
 * - a row that the employee had, and the later line of the same file that displaced it;
 * - a row that the employee had, and that a newer file overwrites while the file of that row is not complete: when another
 *   row of that file comes late, its name is found nowhere else. Of a complete file no row can come. An upload that this
 *   statement cannot see yet is not complete.
 *
 * `replaced` has the rows that employees had, as far as they are to be recorded: those that meet a row of their file, and those
 * of files that are not complete. Beside files whose people are all known it is the only part that goes over every row.
 *
 * Two statements that write one entry at the same time do so one after the other, and the second adds to what the first has
 * left. `addresses` returns an entry that has several names now and had one before, so each is counted once.
 */
export const ADDRESS_NAMES = `
  complete as (
    select id from uploads u
    where id in (select upload_id from seen) and marked_completed_at is not null
      and not exists (select from upload_counts c where c.upload_id = u.id and c.dead > 0)
  ),
  replaced as (
    select ${FACT('s')}, f.${NAME_COLUMN} as name_of_other, f.line as line_of_other, f.upload_id = s.upload_id as is_same_file
    from seen s join entering f on f.${KEY_COLUMN} = s.${KEY_COLUMN}
    where f.upload_id = s.upload_id or f.outcome <> 'superseded' and s.upload_id not in (select id from complete)
  ),
  facts as (
    select ${FACT('f')} from entering f where outcome = 'superseded'
    union all
    select ${FACT('w')}
    from entering w join entering f on f.upload_id = w.upload_id and f.${KEY_COLUMN} = w.${KEY_COLUMN}
    where w.outcome <> 'superseded' and f.outcome = 'superseded'
    union all
    select ${FACT('r')} from replaced r
    union all
    select upload_id, ${KEY_COLUMN}, name_of_other, line_of_other from replaced where is_same_file
  ),
  first_lines as (
    select upload_id, ${KEY_COLUMN}, ${NAME_COLUMN} as name, min(line) as line,
      row_number() over (partition by upload_id, ${KEY_COLUMN} order by min(line)) as place
    from facts group by upload_id, ${KEY_COLUMN}, ${NAME_COLUMN}
  ),
  addresses as (
    insert into address_names as a (upload_id, email, names, lines)
    select upload_id, ${KEY_COLUMN}, array_agg(name order by line), array_agg(line order by line)
    from first_lines where place <= ${NAMES_MAX} group by upload_id, ${KEY_COLUMN} order by ${KEY_COLUMN}, upload_id
    on conflict (upload_id, email) do update set
      was_shared = cardinality(a.names) > 1,
      (names, lines) = (
        select array_agg(name order by line), array_agg(line order by line)
        from (
          select name, min(line) as line
          from (
            select * from unnest(a.names, a.lines) union all select * from unnest(excluded.names, excluded.lines)
          ) as both_sets (name, line)
          group by name order by min(line) limit ${NAMES_MAX}
        ) merged
      )
    returning upload_id, was_shared, cardinality(names) > 1 as is_shared
  )`;
