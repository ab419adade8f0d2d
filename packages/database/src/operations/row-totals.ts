import type { OutcomeCounts } from '@rowferry/roster';
import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { eachOutcome } from '../uploads/upload-counts.ts';

/**
 * The sum is that of `countRowsByOutcome`: of some rows an upload, not of the ledger. Writers of rows do nothing for it: a
 * count by minute in their statement would be one more row that all of them wait for.
 */
const RECORD_ROW_TOTALS = statement(`
  insert into row_totals (minute, rows)
  select date_trunc('minute', now()),
    jsonb_build_object(${eachOutcome((outcome) => `'${outcome}', coalesce(sum(${outcome}), 0)`)})
  from upload_counts
  having not exists (select from row_totals where minute = date_trunc('minute', now()))
  on conflict do nothing`);
const DELETE_OLD_ROW_TOTALS = statement(`delete from row_totals where minute < now() - interval '2 hours'`);

/** Records the rows of all uploads by outcome, once a minute however many processes call it. */
export async function recordRowTotals(database: Database): Promise<void> {
  await query(database, RECORD_ROW_TOTALS);
  await query(database, DELETE_OLD_ROW_TOTALS);
}

export type RowTotals = { taken_at: Date; rows: Partial<OutcomeCounts> };

const LIST_ROW_TOTALS = statement(`
  select taken_at, rows from row_totals where minute > now() - make_interval(mins => ?) order by minute`);

/** What was recorded in the last so many minutes, oldest first. */
export async function listRowTotals(database: Database, minutes: number): Promise<RowTotals[]> {
  return query<RowTotals>(database, LIST_ROW_TOTALS, [minutes]);
}
