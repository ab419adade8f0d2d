import { connect, type EmployeeQuery, listEmployees } from '@rowferry/database';
import { say } from '../results.ts';

export type Statement = { text: string; values: unknown[] };

/** The statements that the API sends for each of these lists, word for word. */
export async function statementsOf(databaseUrl: string, queries: readonly EmployeeQuery[]): Promise<Statement[][]> {
  const database = connect({ url: databaseUrl, poolMax: 1, onWarning: say });
  let statements: Statement[] = [];
  database.on('query', ({ sql, bindings }: { sql: string; bindings: unknown[] }) => {
    statements.push({ text: sql, values: bindings });
  });
  const all: Statement[][] = [];
  try {
    for (const query of queries) {
      statements = [];
      await listEmployees(database, query);
      all.push(statements);
    }
  } finally {
    await database.destroy();
  }
  return all;
}
