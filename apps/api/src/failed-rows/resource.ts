import type { FailedRowRecord } from '@rowferry/database';

export function toFailedRowResource({ upload_id, line, outcome, attempts, raw, errors, recorded_at }: FailedRowRecord) {
  return { uploadId: upload_id, line, outcome, attempts, raw, errors, recordedAt: recorded_at.toISOString() };
}
