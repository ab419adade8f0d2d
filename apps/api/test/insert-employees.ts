import { type Database, writeRows } from '@rowferry/database';
import { newUploadId } from '@rowferry/messages';
import type { Employee } from '@rowferry/roster';

/** Lands employees one after another, as the rows of an upload; what is not given is the same for all. */
export async function insertEmployees(
  database: Database,
  employees: readonly (Partial<Employee> & { email: string })[],
): Promise<void> {
  const uploadId = newUploadId();
  for (const [index, employee] of employees.entries()) {
    const values = { employee_name: 'Ada', company_name: 'Acme', mobile_no: '0123456789', ...employee };
    await writeRows(
      database,
      [{ uploadId, receivedAtMicros: Date.now() * 1000, line: index + 2, attempts: 1, employee: values }],
      [],
    );
  }
}
