import autocannon from 'autocannon';
import pg from 'pg';
import type { ApiProcess } from './api-process.ts';
import { type Case, pathOf, queryOf } from './cases.ts';
import { type Statement, statementsOf } from './statements.ts';

/** Requests a second. */
export type Load = { name: string; api: number; bare: number };

type Setting = { api: ApiProcess; databaseUrl: string; seconds: number };

const CLIENTS = 16;
/** As many connections as the API's pool has (DATABASE_POOL_MAX). */
const CONNECTIONS = 4;

/** 16 clients that each ask again as soon as they have an answer; beside them as many loops around bare `pg`. */
export async function measureLoad({ api, databaseUrl, seconds }: Setting, { name, asked }: Case): Promise<Load> {
  const result = await autocannon({
    url: api.url,
    connections: CLIENTS,
    duration: seconds,
    requests: asked.map((one) => ({ method: 'GET' as const, path: pathOf(one) })),
  });
  if (result.non2xx > 0 || result.errors > 0)
    throw new Error(`${name}: ${result.non2xx + result.errors} requests failed`);
  return { name, api: result.requests.total / result.duration, bare: await bareRate(databaseUrl, { asked, seconds }) };
}

async function bareRate(
  databaseUrl: string,
  { asked, seconds }: { asked: Case['asked']; seconds: number },
): Promise<number> {
  const statements: Statement[][] = [];
  for (const one of asked) statements.push(await statementsOf(databaseUrl, queryOf(one)));
  const pool = new pg.Pool({ connectionString: databaseUrl, max: CONNECTIONS });
  const started = performance.now();
  const deadline = started + seconds * 1000;
  let done = 0;

  async function loop(first: number): Promise<void> {
    for (let turn = first; performance.now() < deadline; turn++) {
      for (const { text, values } of statements[turn % statements.length] ?? []) await pool.query(text, values);
      done++;
    }
  }

  await Promise.all(Array.from({ length: CLIENTS }, (_, client) => loop(client)));
  const elapsed = (performance.now() - started) / 1000;
  await pool.end();
  return done / elapsed;
}
