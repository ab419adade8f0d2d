import type { Employee } from '@rowferry/roster';
import type { Database } from '../src/connection/connect.ts';

/** Enters employees past the ferry, one by one in this order; what is not given is the same for all but the address. */
export async function addEmployees(database: Database, employees: readonly Partial<Employee>[]): Promise<void> {
  const values = employees.map((employee, index) => ({
    employee_name: 'Ada',
    company_name: 'Analytical',
    mobile_no: '0123456789',
    email: `e${index}@x.org`,
    ...employee,
  }));
  await database.raw(
    `insert into employees (employee_name, company_name, mobile_no, email, upload_id, line)
     select employee_name, company_name, mobile_no, email, '019a0000-0000-7000-8000-000000000001', n
     from unnest(?::text[], ?::text[], ?::text[], ?::text[]) with ordinality
       as v (employee_name, company_name, mobile_no, email, n)
     order by n`,
    [
      values.map(({ employee_name }) => employee_name),
      values.map(({ company_name }) => company_name),
      values.map(({ mobile_no }) => mobile_no),
      values.map(({ email }) => email),
    ],
  );
}
