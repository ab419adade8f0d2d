import { COLUMNS, type Employee, KEY_COLUMN, type OutcomeCounts } from '@rowferry/roster';
import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { textArray } from '../connection/sql-values.ts';
import { COLUMN_LIST } from './batch.ts';
import { CONTENT } from './merge-rows.ts';

const SECOND = 1000;
/** Longest that the comparison may take, in milliseconds. A million rows take some 3 s, and it goes over all at once. */
const COMPARE_TIMEOUT_MS = 300 * SECOND;

const CREATE_DRY_RUN = statement(
  'create temporary table dry_run (key text primary key, content bigint not null) on commit drop',
);

/** Outcomes that rows have by being written. */
export type WriteCounts = Pick<OutcomeCounts, 'inserted' | 'updated' | 'unchanged' | 'superseded'>;

/**
 * What `writeRows` would count if these were the rows of one upload that came now; nothing is written. Of several rows
 * with one e-mail the last counts, compared with the employee before the upload, and the others are superseded.
 *
 * The rows go into a temporary table, of each e-mail only the last one's content, so memory does not grow with them. One
 * connection is held all the while, so `batches` must be fast.
 *
 * @param batches the valid rows of a file in file order, some hundreds to thousands at a time.
 */
export async function countWrites(
  database: Database,
  batches: AsyncIterable<readonly Employee[]> | Iterable<readonly Employee[]>,
): Promise<WriteCounts> {
  return database.transaction(async (transaction) => {
    await query(transaction, CREATE_DRY_RUN);
    let rows = 0;
    for await (const batch of batches) {
      await keepLast(transaction, batch);
      rows += batch.length;
    }
    return compare(transaction, rows);
  });
}

const KEEP_LAST = statement(`
  insert into dry_run (key, content)
  select ${KEY_COLUMN}, ${CONTENT('v')}
  from unnest(${COLUMNS.map(() => '?::text[]').join(', ')}) as v (${COLUMN_LIST})
  on conflict (key) do update set content = excluded.content`);

async function keepLast(transaction: Database, batch: readonly Employee[]): Promise<void> {
  // One statement cannot change a row twice.
  const last = [...new Map(batch.map((employee) => [employee[KEY_COLUMN], employee])).values()];
  const values = COLUMNS.map((column) => textArray(last.map((employee) => employee[column])));
  await query(transaction, KEEP_LAST, values);
}

const ALLOW_COMPARISON = statement(`set local statement_timeout = ${COMPARE_TIMEOUT_MS}`);
// Autovacuum does not analyze temporary tables, and without its size the join is planned for a few rows.
const ANALYZE_DRY_RUN = statement('analyze dry_run');
const COMPARE = statement(`
  select
    count(*) filter (where e.id is null) as inserted,
    count(*) filter (where e.id is not null and ${CONTENT('e')} <> d.content) as updated,
    count(*) filter (where e.id is not null and ${CONTENT('e')} = d.content) as unchanged,
    ?::bigint - count(*) as superseded
  from dry_run d left join employees e on e.${KEY_COLUMN} = d.key`);

async function compare(transaction: Database, rows: number): Promise<WriteCounts> {
  await query(transaction, ALLOW_COMPARISON);
  await query(transaction, ANALYZE_DRY_RUN);
  // Longer than the server's timeout, so that the server is the one to end the statement.
  const clientTimeoutMs = COMPARE_TIMEOUT_MS + 5 * SECOND;
  const [counts] = await query<WriteCounts>(transaction, COMPARE, [rows], { clientTimeoutMs });
  if (counts === undefined) throw new Error('an aggregate without a row');
  return counts;
}
