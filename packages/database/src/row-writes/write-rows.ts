import { KEY_COLUMN, type OutcomeCounts, zeroCounts } from '@rowferry/roster';
import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { textArray } from '../connection/sql-values.ts';
import type { Batch, RejectedRow, ValidRow, WrittenRow } from './batch.ts';
import { insertRows } from './insert-rows.ts';
import { mergeRows } from './merge-rows.ts';

/** A row is deferred when another transaction inserts its employee at the same moment: rare, and hardly ever twice in a row. */
const MERGE_ATTEMPTS = 10;

/**
 * Writes rows exactly once and records the outcome of each.
 *
 * Most rows of most files are new employees: a statement that can do nothing else inserts them. What it leaves is merged
 * with what is there (docs/decisions/0010-insert-then-merge.md). Each statement is a transaction: when the second fails,
 * what the first wrote stays, and is skipped when the batch is delivered again.
 *
 * @returns how many rows this call entered into the ledger, by outcome; rows that were in the ledger already are not counted.
 */
export async function writeRows(
  database: Database,
  valid: readonly ValidRow[],
  rejected: readonly RejectedRow[],
): Promise<OutcomeCounts> {
  const counts = zeroCounts();
  const batch = { valid, rejected };
  if (isEmpty(batch)) return counts;
  let pending = (await areMostlyKnown(database, valid))
    ? batch
    : takeWritten(batch, await insertRows(database, batch), counts);
  for (let attempt = 1; !isEmpty(pending); attempt++) {
    if (attempt > MERGE_ATTEMPTS)
      throw new Error(`${pending.valid.length} rows were not written in ${MERGE_ATTEMPTS} attempts`);
    pending = takeWritten(pending, await mergeRows(database, pending), counts);
  }
  return counts;
}

/** A batch below this size is inserted without a look: the look is a round trip. */
const LOOK_FROM_ROWS = 200;
const LOOKED_AT = 20;

const COUNT_KNOWN = statement(`select count(*)::integer as known from employees where ${KEY_COLUMN} = any(?::text[])`);

/**
 * Whether more than half of the employees are in the table, as far as a few rows say. To insert an employee who is there
 * costs as much as to merge the row: Postgres makes the search key before it sees that there is one.
 */
async function areMostlyKnown(database: Database, valid: readonly ValidRow[]): Promise<boolean> {
  if (valid.length < LOOK_FROM_ROWS) return false;
  const step = Math.floor(valid.length / LOOKED_AT);
  const keys = Array.from({ length: LOOKED_AT }, (_, n) => valid[n * step]?.employee[KEY_COLUMN] ?? '');
  const [found] = await query<{ known: number }>(database, COUNT_KNOWN, [textArray(keys)]);
  return (found?.known ?? 0) > LOOKED_AT / 2;
}

function isEmpty({ valid, rejected }: Batch): boolean {
  return valid.length + rejected.length === 0;
}

/** Adds what entered the ledger to the counts. @returns what is to be written again. */
function takeWritten({ valid, rejected }: Batch, written: readonly WrittenRow[], counts: OutcomeCounts): Batch {
  const deferred = new Set<string>();
  for (const row of written) {
    if (row.outcome === 'deferred') deferred.add(addressOf(row.upload_id, row.line));
    else counts[row.outcome] += row.rows;
  }
  const isDeferred = (row: ValidRow | RejectedRow) => deferred.has(addressOf(row.uploadId, row.line));
  return deferred.size === 0
    ? { valid: [], rejected: [] }
    : { valid: valid.filter(isDeferred), rejected: rejected.filter(isDeferred) };
}

function addressOf(uploadId: string, line: number): string {
  return `${uploadId}/${line}`;
}
