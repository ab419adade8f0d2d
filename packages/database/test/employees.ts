import { COLUMNS, type Employee } from '@rowferry/roster';
import type { Database } from '../src/connection/connect.ts';
import { textArray } from '../src/connection/sql-values.ts';
import type { EmployeeList } from '../src/employees/list-employees.ts';
import { COLUMN_LIST } from '../src/row-writes/batch.ts';

type Listed = Employee & { id: number; createdAt: string; updatedAt: string };

/** The employees of a list as objects. */
export function listed({ employees }: EmployeeList): Listed[] {
  return employees.map((employee) => JSON.parse(employee) as Listed);
}

/** Enters employees past the importer, one by one in this order; what is not given is the same for all but the address. */
export async function addEmployees(database: Database, employees: readonly Partial<Employee>[]): Promise<void> {
  const values = employees.map((employee, index) => ({
    employee_name: 'Ada',
    company_name: 'Analytical',
    mobile_no: '0123456789',
    email: `e${index}@x.org`,
    ...employee,
  }));
  await database.raw(
    `insert into employees (${COLUMN_LIST}, received_at, upload_id, line)
     select ${COLUMN_LIST}, now(), '019a0000-0000-7000-8000-000000000001', n
     from unnest(${COLUMNS.map(() => '?::text[]').join(', ')}) with ordinality as v (${COLUMN_LIST}, n)
     order by n`,
    COLUMNS.map((column) => textArray(values.map((employee) => employee[column]))),
  );
}
