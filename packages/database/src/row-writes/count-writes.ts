import { COLUMNS, type Employee, KEY_COLUMN, type OutcomeCounts } from '@rowferry/roster';
import type { Database } from '../connection/connect.ts';
import { textArray } from '../connection/sql-values.ts';
import { COLUMN_LIST } from './batch.ts';
import { CONTENT } from './merge-rows.ts';

const SECOND = 1000;
/** Longest that the comparison may take, in milliseconds. A million rows take some 3 s, and it goes over all at once. */
const COMPARE_BOUND = 300 * SECOND;

/** Outcomes that rows have by being written. */
export type WriteCounts = Pick<OutcomeCounts, 'inserted' | 'updated' | 'unchanged' | 'superseded'>;

/**
 * What `writeRows` would count if these were the rows of one upload that came now; nothing is written. Of several rows
 * with one e-mail the last counts, compared with the employee before the upload, and the others are superseded.
 *
 * The rows go into a temporary table, of each e-mail only the last one's content, so memory does not grow with them. One
 * connection is held all the while: `batches` must not dawdle.
 *
 * @param batches the valid rows of a file in file order, some hundreds to thousands at a time.
 */
export async function countWrites(
  database: Database,
  batches: AsyncIterable<readonly Employee[]> | Iterable<readonly Employee[]>,
): Promise<WriteCounts> {
  return database.transaction(async (transaction) => {
    await transaction.raw(
      'create temporary table dry_run (key text primary key, content bigint not null) on commit drop',
    );
    let rows = 0;
    for await (const batch of batches) {
      await keepLast(transaction, batch);
      rows += batch.length;
    }
    return compare(transaction, rows);
  });
}

async function keepLast(transaction: Database, batch: readonly Employee[]): Promise<void> {
  // One statement cannot change a row twice.
  const last = [...new Map(batch.map((employee) => [employee[KEY_COLUMN], employee])).values()];
  await transaction.raw(
    `insert into dry_run (key, content)
     select ${KEY_COLUMN}, ${CONTENT('v')}
     from unnest(${COLUMNS.map(() => '?::text[]').join(', ')}) as v (${COLUMN_LIST})
     on conflict (key) do update set content = excluded.content`,
    COLUMNS.map((column) => textArray(last.map((employee) => employee[column]))),
  );
}

async function compare(transaction: Database, rows: number): Promise<WriteCounts> {
  await transaction.raw(`set local statement_timeout = ${COMPARE_BOUND}`);
  // Nobody else analyses a temporary table, and without its size the join is planned for a few rows.
  await transaction.raw('analyze dry_run');
  const result = await transaction
    .raw<{ rows: WriteCounts[] }>(
      `select
         count(*) filter (where e.id is null) as inserted,
         count(*) filter (where e.id is not null and ${CONTENT('e')} <> d.content) as updated,
         count(*) filter (where e.id is not null and ${CONTENT('e')} = d.content) as unchanged,
         ?::bigint - count(*) as superseded
       from dry_run d left join employees e on e.${KEY_COLUMN} = d.key`,
      [rows],
    )
    // Of pg; later than the server's own bound.
    .options({ query_timeout: COMPARE_BOUND + 5 * SECOND });
  const [counts] = result.rows;
  if (counts === undefined) throw new Error('an aggregate without a row');
  return counts;
}
