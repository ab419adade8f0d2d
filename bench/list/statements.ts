import { connect, type EmployeeQuery, listEmployees } from '@rowferry/database';
import { say } from '../results.ts';

/** With a name: the API has its connections keep it prepared. */
export type Statement = { text: string; values: unknown[]; name?: string };

type Sent = { sql: string; bindings: unknown[]; options?: { name?: string } };

/** The statements that the API sends for each of these lists, word for word. */
export async function statementsOf(databaseUrl: string, queries: readonly EmployeeQuery[]): Promise<Statement[][]> {
  const database = connect({ url: databaseUrl, poolMax: 1, onWarning: say });
  let statements: Statement[] = [];
  database.on('query', ({ sql, bindings, options: { name } = {} }: Sent) => {
    statements.push({ text: sql, values: bindings, ...(name === undefined ? {} : { name }) });
  });
  const all: Statement[][] = [];
  try {
    // Not recorded: what is sent from then on depends on how many employees there are.
    for (const query of queries.slice(0, 1)) await listEmployees(database, query);
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
