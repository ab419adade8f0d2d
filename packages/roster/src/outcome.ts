/**
 * What became of a row. Every row of an upload ends in exactly one of these. Columns of counts, zero counts, sums and metrics
 * derive from this list; the enum `row_outcome` and the columns of `upload_counts` are made by migrations, and tests compare
 * them with it.
 */
export const OUTCOMES = ['inserted', 'updated', 'unchanged', 'superseded', 'rejected', 'dead'] as const;

export type Outcome = (typeof OUTCOMES)[number];

/** Outcomes of rows that were not written, and that somebody has to correct or redrive. */
export const FAILED_OUTCOMES = ['rejected', 'dead'] as const satisfies readonly Outcome[];

export type FailedOutcome = (typeof FAILED_OUTCOMES)[number];

/** Outcomes of rows whose values the ledger keeps, so that they can be listed. */
export const LISTED_OUTCOMES = [...FAILED_OUTCOMES, 'superseded'] as const satisfies readonly Outcome[];

export type ListedOutcome = (typeof LISTED_OUTCOMES)[number];

/** How many rows of an upload ended in each outcome. */
export type OutcomeCounts = Record<Outcome, number>;

/** A value for each outcome. */
export function byOutcome<T>(value: (outcome: Outcome) => T): Record<Outcome, T> {
  const values: Partial<Record<Outcome, T>> = {};
  for (const outcome of OUTCOMES) values[outcome] = value(outcome);
  // Every outcome was set.
  return values as Record<Outcome, T>;
}

export function zeroCounts(): OutcomeCounts {
  return byOutcome(() => 0);
}
