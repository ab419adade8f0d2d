import { connect, type EmployeeQuery, listEmployees } from '@rowferry/database';
import { say } from '../results.ts';

export type Statement = { text: string; values: unknown[] };

/** The statements that the API sends for a list, word for word. */
export async function statementsOf(databaseUrl: string, query: EmployeeQuery): Promise<Statement[]> {
  const database = connect({ url: databaseUrl, poolMax: 1, onWarning: say });
  const statements: Statement[] = [];
  database.on('query', ({ sql, bindings }: { sql: string; bindings: unknown[] }) => {
    statements.push({ text: sql, values: bindings });
  });
  try {
    await listEmployees(database, query);
  } finally {
    await database.destroy();
  }
  return statements;
}
