/** What became of a row. Every row of an upload ends in exactly one of these. */
export const OUTCOMES = ['inserted', 'updated', 'unchanged', 'superseded', 'rejected', 'dead'] as const;

export type Outcome = (typeof OUTCOMES)[number];

/** How many rows of an upload ended in each outcome. */
export type OutcomeCounts = Record<Outcome, number>;
