import type { Database } from './connection.ts';

export type EmployeeRecord = {
  id: number;
  employee_name: string;
  company_name: string;
  mobile_no: string;
  email: string;
  created_at: Date;
  updated_at: Date;
};

const EMPLOYEE_COLUMNS = 'id, employee_name, company_name, mobile_no, email, created_at, updated_at';

export type EmployeePage = { limit: number; offset: number; searchTerm: string | undefined };

/** One page of employees in order of id, and how many match. The term matches anywhere in name or e-mail, whatever its case. */
export async function listEmployees(
  database: Database,
  { limit, offset, searchTerm }: EmployeePage,
): Promise<{ employees: EmployeeRecord[]; total: number }> {
  const where = searchTerm === undefined ? '' : 'where employee_name ilike :pattern or email ilike :pattern';
  const bindings = { pattern: searchTerm === undefined ? null : likePattern(searchTerm), limit, offset };
  const [page, count] = await Promise.all([
    database.raw<{ rows: EmployeeRecord[] }>(
      `select ${EMPLOYEE_COLUMNS} from employees ${where} order by id limit :limit offset :offset`,
      bindings,
    ),
    database.raw<{ rows: { total: number }[] }>(`select count(*) as total from employees ${where}`, bindings),
  ]);
  return { employees: page.rows, total: count.rows[0]?.total ?? 0 };
}

/** A substring for `like`, its own wildcards taken literally. */
function likePattern(term: string): string {
  return `%${term.replace(/[\\%_]/g, '\\$&')}%`;
}
