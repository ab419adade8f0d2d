import type { FailedRowRecord } from '@rowferry/database';

export function toFailedRowResource({ upload_id, superseded_by, recorded_at, ...row }: FailedRowRecord) {
  return { uploadId: upload_id, ...row, supersededBy: superseded_by, recordedAt: recorded_at.toISOString() };
}
