import type { Raw, RowError } from '@rowferry/roster';
import type { Database } from '../connection/connect.ts';

export const FAILED_OUTCOMES = ['rejected', 'dead'] as const;

export type FailedRowRecord = {
  upload_id: string;
  line: number;
  outcome: (typeof FAILED_OUTCOMES)[number];
  attempts: number;
  raw: Raw;
  errors: RowError[];
  recorded_at: Date;
};

export type FailedRowFilter = {
  uploadId: string | undefined;
  outcome: FailedRowRecord['outcome'] | undefined;
};

/** One page of rows that did not land, in order of upload and line, and how many there are. */
export async function listFailedRows(
  database: Database,
  filter: FailedRowFilter,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ rows: FailedRowRecord[]; total: number }> {
  const bindings = { uploadId: filter.uploadId ?? null, outcome: filter.outcome ?? null, limit, offset };
  const conditions = ["outcome in ('rejected', 'dead')"];
  if (filter.uploadId !== undefined) conditions.push('upload_id = :uploadId');
  if (filter.outcome !== undefined) conditions.push('outcome = :outcome::row_outcome');
  const where = conditions.join(' and ');
  const [page, count] = await Promise.all([
    database.raw<{ rows: FailedRowRecord[] }>(
      `select upload_id, line, outcome, attempts, raw, errors, recorded_at
       from upload_rows where ${where} order by upload_id, line limit :limit offset :offset`,
      bindings,
    ),
    database.raw<{ rows: { total: number }[] }>(`select count(*) as total from upload_rows where ${where}`, bindings),
  ]);
  return { rows: page.rows, total: count.rows[0]?.total ?? 0 };
}
