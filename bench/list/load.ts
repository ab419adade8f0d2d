import autocannon from 'autocannon';
import pg from 'pg';
import { type Case, pathOf, queryOf } from './cases.ts';
import { startPlainServer } from './plain-server.ts';
import type { ServerProcess } from './server-process.ts';
import { type Statement, statementsOf } from './statements.ts';

/**
 * Requests a second: of the API, of a server that does nothing but send the same SQL, and of that SQL without HTTP, parsed
 * and planned each time as bare `pg` does by itself, and prepared wherever the API prepares it.
 */
export type Load = { name: string; api: number; plainServer: number; bare: number; barePrepared: number };

type Setting = { api: ServerProcess; databaseUrl: string; seconds: number };

const CLIENTS = 16;
/** As many connections as the API's pool has (DATABASE_POOL_MAX). */
const CONNECTIONS = 4;

/** 16 clients that each ask again as soon as they have an answer; beside them as many loops around bare `pg`. */
export async function measureLoad({ api, databaseUrl, seconds }: Setting, { name, asked }: Case): Promise<Load> {
  const paths = asked.map(pathOf);
  const statements = await statementsOf(databaseUrl, asked.map(queryOf));
  const unprepared = statements.map((turn) => turn.map(({ text, values }) => ({ text, values })));
  const plainServer = await startPlainServer({ databaseUrl, connections: CONNECTIONS, statements });
  try {
    return {
      name,
      api: await requestRate(api, paths, seconds),
      plainServer: await requestRate(plainServer, paths, seconds),
      bare: await bareRate(databaseUrl, unprepared, seconds),
      barePrepared: await bareRate(databaseUrl, statements, seconds),
    };
  } finally {
    await plainServer.stop();
  }
}

async function requestRate({ url }: ServerProcess, paths: readonly string[], seconds: number): Promise<number> {
  const requests = paths.map((path) => ({ method: 'GET' as const, path }));
  // autocannon ends when it takes a sample: by default every second.
  const run = (duration: number) =>
    autocannon({ url, connections: CLIENTS, requests, duration, sampleInt: Math.min(1, duration) * 1000 });
  await run(Math.min(seconds, WARM_UP_SECONDS));
  const result = await run(seconds);
  const failed = result.non2xx + result.errors;
  if (failed > 0) throw new Error(`${failed} requests failed`);
  return result.requests.total / result.duration;
}

/** Until V8 has compiled what is asked often; no longer than what is measured. */
const WARM_UP_SECONDS = 2;

async function bareRate(databaseUrl: string, statements: Statement[][], seconds: number): Promise<number> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: CONNECTIONS });
  const started = performance.now();
  const deadline = started + seconds * 1000;
  let done = 0;

  async function loop(first: number): Promise<void> {
    for (let turn = first; performance.now() < deadline; turn++) {
      for (const statement of statements[turn % statements.length] ?? []) await pool.query(statement);
      done++;
    }
  }

  await Promise.all(Array.from({ length: CLIENTS }, (_, client) => loop(client)));
  const elapsed = (performance.now() - started) / 1000;
  await pool.end();
  return done / elapsed;
}
