import type { Employee, PlannedFile } from './workload.ts';

/** An upload that the system took, and the file that it is. */
export type TakenUpload = { id: string; receivedAtMicros: number; file: PlannedFile };

export type ModelEmployee = Employee & { upload_id: string; line: number };

/** The whole promise in a few lines: of each e-mail the row of the upload received last, there that of the last line. */
export function employeesOf(uploads: readonly TakenUpload[]): Map<string, ModelEmployee> {
  const employees = new Map<string, ModelEmployee>();
  for (const { id, file } of uploads.toSorted(byReceipt)) {
    for (const { line, employee } of file.rows) {
      if (employee !== null) employees.set(employee.email, { ...employee, upload_id: id, line });
    }
  }
  return employees;
}

function byReceipt(a: TakenUpload, b: TakenUpload): number {
  return a.receivedAtMicros - b.receivedAtMicros || (a.id < b.id ? -1 : 1);
}
