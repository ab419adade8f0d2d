import type { SupersededRow, SupersedingRow } from '@rowferry/database';

/** A superseded row as the correction CSV shows it: in place of an error stands the row that won over it. */
export function asCsvRow(uploadId: string, { line, raw, supersededBy }: SupersededRow) {
  return { line, raw, errors: [{ code: 'superseded', message: explain(uploadId, supersededBy) }] };
}

function explain(uploadId: string, winner: SupersedingRow | null): string {
  if (winner === null) return 'another row had the same e-mail; the employee has been deleted since';
  return `another row with the same e-mail counts: line ${winner.line} of ${fileOf(uploadId, winner)}`;
}

function fileOf(uploadId: string, winner: SupersedingRow): string {
  if (winner.uploadId === uploadId) return 'this file';
  const upload = `upload ${winner.uploadId}`;
  return winner.fileName === null ? upload : `${winner.fileName} (${upload})`;
}
