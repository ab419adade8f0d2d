import type { Employee, PlannedFile } from './workload.ts';

/** An upload that the system took, and the file that it is. */
export type TakenUpload = { id: string; file: PlannedFile };

export type ModelEmployee = Employee & { upload_id: string; line: number };

/** The whole promise in a few lines: of each e-mail the newest upload's row, there that of the last line. */
export function employeesOf(uploads: readonly TakenUpload[]): Map<string, ModelEmployee> {
  const employees = new Map<string, ModelEmployee>();
  for (const { id, file } of uploads.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    for (const { line, employee } of file.rows) {
      if (employee !== null) employees.set(employee.email, { ...employee, upload_id: id, line });
    }
  }
  return employees;
}
