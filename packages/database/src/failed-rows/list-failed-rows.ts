import type { ListedOutcome, Raw, RowError } from '@rowferry/roster';
import type { Database } from '../connection/connect.ts';
import { query, statementBuilder } from '../connection/query.ts';
import { IS_FAILED_ROW, IS_SUPERSEDED_ROW } from '../uploads/upload-counts.ts';
import { SUPERSEDED_BY, type SupersedingRow } from './superseding-row.ts';

export type FailedRowRecord = {
  upload_id: string;
  line: number;
  outcome: ListedOutcome;
  attempts: number;
  raw: Raw;
  /** None of a superseded row. */
  errors: RowError[];
  superseded_by: SupersedingRow | null;
  recorded_at: Date;
};

export type FailedRowFilter = {
  uploadId: string | undefined;
  /** Without it: the rows that failed. */
  outcome: FailedRowRecord['outcome'] | undefined;
};

/** The filters that are set. Failed and superseded rows have an index each. */
function conditionOf({ uploadId, outcome }: FailedRowFilter): string {
  const conditions = [outcome === 'superseded' ? IS_SUPERSEDED_ROW : IS_FAILED_ROW];
  if (uploadId !== undefined) conditions.push('upload_id = :uploadId');
  if (outcome !== undefined) conditions.push('outcome = :outcome::row_outcome');
  return conditions.join(' and ');
}

export const LIST_FAILED_ROWS = statementBuilder(
  (filter: FailedRowFilter) => `
    select upload_id, line, outcome, attempts, raw, coalesce(errors, '[]') as errors, ${SUPERSEDED_BY('r')} as superseded_by,
      recorded_at
    from (
      select * from upload_rows where ${conditionOf(filter)} order by upload_id, line limit :limit offset :offset
    ) r
    order by upload_id, line`,
);

export const COUNT_FAILED_ROWS = statementBuilder(
  (filter: FailedRowFilter) => `select count(*) as total from upload_rows where ${conditionOf(filter)}`,
);

/** One page of rows that failed, or that are superseded, in order of upload and line, and how many there are. */
export async function listFailedRows(
  database: Database,
  filter: FailedRowFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ rows: FailedRowRecord[]; total: number }> {
  const bindings = { uploadId: filter.uploadId ?? null, outcome: filter.outcome ?? null, limit, offset };
  const [rows, [count]] = await Promise.all([
    query<FailedRowRecord>(database, LIST_FAILED_ROWS(filter), bindings),
    query<{ total: number }>(database, COUNT_FAILED_ROWS(filter), bindings),
  ]);
  return { rows, total: count?.total ?? 0 };
}
