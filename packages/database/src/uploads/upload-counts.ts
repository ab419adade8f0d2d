import { FAILED_OUTCOMES, OUTCOMES, type Outcome } from '@rowferry/roster';

/** What is counted beside the outcomes, for warnings. */
export const WARNING_COUNTS = ['names_changed', 'shared_addresses'] as const;

export type WarningCount = (typeof WARNING_COUNTS)[number];

/** Something for each outcome, in one list: `eachOutcome((outcome) => `sum(${outcome})`)`. */
export function eachOutcome(of: (outcome: Outcome) => string, separator = ', '): string {
  return OUTCOMES.map(of).join(separator);
}

/** The columns of counts, for `select` and `insert`. */
export const COUNT_COLUMNS = eachOutcome((outcome) => outcome);

/** The rows of all outcomes in a row of `upload_counts`. */
export const RECORDED = eachOutcome((outcome) => outcome, ' + ');

/** A condition on counts: a row has failed. */
export const HAS_FAILED_ROWS = FAILED_OUTCOMES.map((outcome) => `${outcome} > 0`).join(' or ');

/** A condition on a row of the ledger: it has failed. The index `upload_rows_failed` has the same. */
export const IS_FAILED_ROW = `outcome in (${FAILED_OUTCOMES.map((outcome) => `'${outcome}'`).join(', ')})`;

/** A condition on a row of the ledger: it is superseded. The index `upload_rows_superseded` has the same. */
export const IS_SUPERSEDED_ROW = `outcome = 'superseded'`;

/**
 * Adds to the counts of each upload, in order of upload so that two batches cannot deadlock. The shard follows the
 * connection: concurrent batches of one upload mostly add to different rows.
 *
 * @param amount of a column: an aggregate over `from`, which has the column `upload_id`.
 * @param columns the ones that can occur in `from`.
 */
export function addCounts<Counted extends Outcome | WarningCount>(
  from: string,
  amount: (column: Counted) => string,
  columns: readonly Counted[],
): string {
  return `
    insert into upload_counts as c (upload_id, shard, ${columns.join(', ')})
    select upload_id, pg_backend_pid() % 8, ${columns.map(amount).join(', ')}
    from ${from} group by upload_id order by upload_id
    on conflict (upload_id, shard) do update set
      ${columns.map((column) => `${column} = c.${column} + excluded.${column}`).join(', ')},
      updated_at = now()`;
}
