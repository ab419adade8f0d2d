import { formatRecord } from '@rowferry/csv';
import type { EmployeeRecord } from '@rowferry/database';
import { COLUMNS, spreadsheetProof } from '@rowferry/roster';

/** The columns of a file to upload, then those that Rowferry adds; it ignores them when the file is uploaded again. */
const HEADER = [...COLUMNS, 'id', 'created_at', 'updated_at'];

/** The lines of a CSV file of employees (RFC 4180), safe to be opened and saved in a spreadsheet. */
export async function* employeeLines(batches: AsyncIterable<readonly EmployeeRecord[]>): AsyncGenerator<string> {
  yield formatRecord(HEADER, ',');
  for await (const batch of batches) yield batch.map(employeeLine).join('');
}

function employeeLine(employee: EmployeeRecord): string {
  const values = COLUMNS.map((column) => spreadsheetProof(employee[column] ?? ''));
  const added = [String(employee.id), employee.created_at.toISOString(), employee.updated_at.toISOString()];
  return formatRecord([...values, ...added], ',');
}

/** The lines of a CSV file to fill in: the header alone. */
export async function* templateLines(): AsyncGenerator<string> {
  yield formatRecord(COLUMNS, ',');
}
