import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { EMPLOYEE_COLUMNS, type EmployeeRecord } from './employee-record.ts';

/** The row that an employee has its values from. */
export type EmployeeOrigin = {
  upload_id: string;
  /** Null where the upload is not known, as of employees who were entered by hand. */
  file_name: string | null;
  line: number;
  /** Since when the upload's file was in S3. */
  received_at: Date;
};

const FIND_EMPLOYEE = statement(`
  select ${EMPLOYEE_COLUMNS}, upload_id, line, received_at,
    (select file_name from uploads u where u.id = e.upload_id) as file_name
  from employees e where id = ?`);

/** The employee with this id, and where the values come from. */
export async function findEmployee(
  database: Database,
  id: number,
): Promise<{ employee: EmployeeRecord; origin: EmployeeOrigin } | undefined> {
  const [found] = await query<EmployeeRecord & EmployeeOrigin>(database, FIND_EMPLOYEE, [id]);
  if (found === undefined) return undefined;
  const { upload_id, file_name, line, received_at, ...employee } = found;
  return { employee, origin: { upload_id, file_name, line, received_at } };
}
