import type { EmployeeOrigin, EmployeeRecord } from '@rowferry/database';

/** Column names stay as the file and the table have them; what Rowferry adds is in camelCase. */
export function toEmployeeResource({ id, created_at, updated_at, ...values }: EmployeeRecord) {
  return { id, ...values, createdAt: created_at.toISOString(), updatedAt: updated_at.toISOString() };
}

export function toOriginResource({ upload_id, file_name, line, received_at }: EmployeeOrigin) {
  return { uploadId: upload_id, fileName: file_name, line, receivedAt: received_at.toISOString() };
}
