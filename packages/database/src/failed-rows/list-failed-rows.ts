import type { FailedOutcome, Raw, RowError } from '@rowferry/roster';
import type { Database } from '../connection/connect.ts';
import { query, statementBuilder } from '../connection/query.ts';
import { IS_FAILED_ROW } from '../uploads/upload-counts.ts';

export type FailedRowRecord = {
  upload_id: string;
  line: number;
  outcome: FailedOutcome;
  attempts: number;
  raw: Raw;
  errors: RowError[];
  recorded_at: Date;
};

export type FailedRowFilter = {
  uploadId: string | undefined;
  outcome: FailedRowRecord['outcome'] | undefined;
};

/** The filters that are set: which of them decides the text, not their values. */
function conditionOf({ uploadId, outcome }: FailedRowFilter): string {
  const conditions = [IS_FAILED_ROW];
  if (uploadId !== undefined) conditions.push('upload_id = :uploadId');
  if (outcome !== undefined) conditions.push('outcome = :outcome::row_outcome');
  return conditions.join(' and ');
}

export const LIST_FAILED_ROWS = statementBuilder(
  (filter: FailedRowFilter) => `
    select upload_id, line, outcome, attempts, raw, errors, recorded_at
    from upload_rows where ${conditionOf(filter)} order by upload_id, line limit :limit offset :offset`,
);

export const COUNT_FAILED_ROWS = statementBuilder(
  (filter: FailedRowFilter) => `select count(*) as total from upload_rows where ${conditionOf(filter)}`,
);

/** One page of rows that failed, in order of upload and line, and how many there are. */
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
