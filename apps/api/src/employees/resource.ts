import type { EmployeeRecord } from '@rowferry/database';

/** Column names stay as the file and the table have them; what Rowferry adds is in camelCase. */
export function toEmployeeResource({
  id,
  employee_name,
  company_name,
  mobile_no,
  email,
  created_at,
  updated_at,
}: EmployeeRecord) {
  return {
    id,
    employee_name,
    company_name,
    mobile_no,
    email,
    createdAt: created_at.toISOString(),
    updatedAt: updated_at.toISOString(),
  };
}
