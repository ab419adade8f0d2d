/**
 * What an HTTP server costs that does nothing beside: Node's own, which sends the statements through bare `pg` and answers
 * the rows as JSON. No framework, no checks, no log, no limits. A process of its own, as the API is.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { say } from '../results.ts';
import { type ServerProcess, startServerProcess } from './server-process.ts';
import type { Statement } from './statements.ts';

type Settings = { databaseUrl: string; connections: number; statements: Statement[][] };

/** Each request sends the statements of one turn, in turn. */
export function startPlainServer(settings: Settings): Promise<ServerProcess> {
  return startServerProcess(process.execPath, [fileURLToPath(import.meta.url)], { SETTINGS: JSON.stringify(settings) });
}

if (import.meta.main) serve(JSON.parse(process.env.SETTINGS ?? '') as Settings);

function serve({ databaseUrl, connections, statements }: Settings): void {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: connections });
  let turn = 0;
  const server = createServer(async (_request, response) => {
    const answers: unknown[][] = [];
    for (const statement of statements[turn++ % statements.length] ?? [])
      answers.push((await pool.query(statement)).rows);
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(answers));
  });
  server.listen(0, '127.0.0.1', () => {
    const { port } = server.address() as AddressInfo;
    say(JSON.stringify({ url: `http://127.0.0.1:${port}` }));
  });
  process.once('SIGTERM', () => process.exit());
}
