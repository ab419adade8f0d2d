import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { EMPLOYEE_COLUMNS, type EmployeeRecord } from './employee-record.ts';

/** The newest row that names an employee: the one that its values are from. */
export type EmployeeOrigin = {
  upload_id: string;
  /** Null where the upload is not known, as of employees who were entered by hand. */
  file_name: string | null;
  line: number;
  /** Since when the upload's file was in S3. */
  received_at: Date;
};

const FIND_EMPLOYEE = statement(`
  select ${EMPLOYEE_COLUMNS}, o.upload_id, o.line, o.received_at,
    (select file_name from uploads u where u.id = o.upload_id) as file_name
  from (select * from employees where id = ?) e
  cross join lateral (select upload_id, line, received_at from employee_origins o where o.id = e.id) o`);

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
