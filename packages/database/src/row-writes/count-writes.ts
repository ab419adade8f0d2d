import { COLUMNS, type Employee, KEY_COLUMN, NAME_COLUMN, VALUE_COLUMNS } from '@rowferry/roster';
import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { plainArray, textArray } from '../connection/sql-values.ts';
import { COLUMN_LIST } from './batch.ts';
import { compareWrites, type WritePreview } from './compare-writes.ts';

/** A valid row of a file. */
export type PlacedEmployee = { line: number; employee: Employee };

/** The last row of each e-mail, and what is needed of the row that it replaced. */
const CREATE_DRY_RUN = statement(`
  create temporary table dry_run (
    line integer not null,
    ${COLUMNS.map((column) => `${column} text${column === KEY_COLUMN ? ' primary key' : ''}`).join(', ')},
    line_replaced integer,
    name_replaced text
  ) on commit drop`);

/** The names of each e-mail that several rows have, each with its first line. */
const CREATE_DRY_RUN_NAMES = statement(`
  create temporary table dry_run_names (email text, name text, line integer, primary key (email, name)) on commit drop`);

/**
 * What `writeRows` would count if these were the rows of one upload that came now, what it would warn of, and the first
 * changes to employees; nothing is written. Of several rows with one e-mail the last counts, compared with the employee before
 * the upload, and the others are superseded.
 *
 * The rows go into a temporary table, of each e-mail only the last one, so memory does not grow with them. One connection is
 * held all the while, so `batches` must be fast.
 *
 * @param batches the valid rows of a file in file order, some hundreds to thousands at a time.
 */
export async function countWrites(
  database: Database,
  batches: AsyncIterable<readonly PlacedEmployee[]> | Iterable<readonly PlacedEmployee[]>,
): Promise<WritePreview> {
  return database.transaction(async (transaction) => {
    await query(transaction, CREATE_DRY_RUN);
    await query(transaction, CREATE_DRY_RUN_NAMES);
    let rows = 0;
    for await (const batch of batches) {
      await keepLast(transaction, batch);
      rows += batch.length;
    }
    return compareWrites(transaction, rows);
  });
}

/** `facts`: names of e-mails that several rows have, in this batch or in this one and those before. */
const KEEP_LAST = statement(`
  with kept as (
    insert into dry_run as d (line, ${COLUMN_LIST})
    select * from unnest(?::integer[], ${COLUMNS.map(() => '?::text[]').join(', ')})
    on conflict (${KEY_COLUMN}) do update set
      ${VALUE_COLUMNS.map((column) => `${column} = excluded.${column}`).join(', ')},
      line = excluded.line,
      line_replaced = d.line,
      name_replaced = d.${NAME_COLUMN}
    returning ${KEY_COLUMN} as email, ${NAME_COLUMN} as name, line, name_replaced, line_replaced
  ),
  facts as (
    select email, name, line from kept where line_replaced is not null
    union all
    select email, name_replaced, line_replaced from kept where line_replaced is not null
    union all
    select * from unnest(?::text[], ?::text[], ?::integer[])
  )
  insert into dry_run_names as n (email, name, line)
  select email, name, min(line) from facts group by email, name
  on conflict (email, name) do update set line = least(n.line, excluded.line)`);

async function keepLast(transaction: Database, batch: readonly PlacedEmployee[]): Promise<void> {
  // One statement cannot change a row twice.
  const last = [...new Map(batch.map((row) => [row.employee[KEY_COLUMN], row])).values()];
  const repeated = last.length === batch.length ? [] : repeatedIn(batch);
  await query(transaction, KEEP_LAST, [
    plainArray(last.map(({ line }) => line)),
    ...COLUMNS.map((column) => textArray(last.map(({ employee }) => employee[column]))),
    textArray(repeated.map(({ employee }) => employee[KEY_COLUMN])),
    textArray(repeated.map(({ employee }) => employee[NAME_COLUMN])),
    plainArray(repeated.map(({ line }) => line)),
  ]);
}

/** The rows of which another one has the same e-mail. */
function repeatedIn(batch: readonly PlacedEmployee[]): PlacedEmployee[] {
  const rows = new Map<string, number>();
  for (const { employee } of batch) rows.set(employee[KEY_COLUMN], (rows.get(employee[KEY_COLUMN]) ?? 0) + 1);
  return batch.filter(({ employee }) => rows.get(employee[KEY_COLUMN]) !== 1);
}
