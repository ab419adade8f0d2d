import type { FailedOutcome, Raw, RowError } from '@rowferry/roster';
import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { IS_FAILED_ROW, IS_SUPERSEDED_ROW } from '../uploads/upload-counts.ts';
import { SUPERSEDED_BY, type SupersedingRow } from './superseding-row.ts';

/** Rows fetched at a time. Each holds up to 8 Ki characters of raw values. */
const PAGE_ROWS = 200;

export type FailedRow = { line: number; raw: Raw; errors: RowError[] };

/** The rows of an upload that ended in one of these outcomes, all of them, in order of line. */
export function readFailedRows(
  database: Database,
  uploadId: string,
  outcomes: readonly FailedOutcome[],
): AsyncGenerator<FailedRow> {
  return inPages((after) => query<FailedRow>(database, FAILED_ROWS_AFTER, [uploadId, after, [...outcomes], PAGE_ROWS]));
}

export type SupersededRow = { line: number; raw: Raw; supersededBy: SupersedingRow | null };

/** The superseded rows of an upload, all of them, in order of line. */
export function readSupersededRows(database: Database, uploadId: string): AsyncGenerator<SupersededRow> {
  return inPages((after) => query<SupersededRow>(database, SUPERSEDED_ROWS_AFTER, [uploadId, after, PAGE_ROWS]));
}

/** Fetched page by page, so that neither memory nor a connection is held while a slow reader takes its time. */
async function* inPages<Row extends { line: number }>(
  rowsAfter: (line: number) => Promise<Row[]>,
): AsyncGenerator<Row> {
  for (let after = 0; ; ) {
    const rows = await rowsAfter(after);
    yield* rows;
    const last = rows.at(-1);
    if (last === undefined || rows.length < PAGE_ROWS) return;
    after = last.line;
  }
}

// Both conditions on the outcome: the first is the one that the index upload_rows_failed has.
const FAILED_ROWS_AFTER = statement(`
  select line, raw, errors from upload_rows
  where upload_id = ? and line > ? and ${IS_FAILED_ROW} and outcome = any (?::row_outcome[])
  order by line limit ?`);

const SUPERSEDED_ROWS_AFTER = statement(`
  select line, raw, ${SUPERSEDED_BY('r')} as "supersededBy" from upload_rows r
  where upload_id = ? and line > ? and ${IS_SUPERSEDED_ROW}
  order by line limit ?`);
