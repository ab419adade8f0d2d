import type { EmployeeRecord } from '@rowferry/database';

/** Column names stay as the file and the table have them; what Rowferry adds is in camelCase. */
export function toEmployeeResource({ id, created_at, updated_at, ...values }: EmployeeRecord) {
  return { id, ...values, createdAt: created_at.toISOString(), updatedAt: updated_at.toISOString() };
}
