import { openDatabase } from '../tables.ts';
import { type Case, pathOf, queryOf } from './cases.ts';
import type { ServerProcess } from './server-process.ts';
import { statementsOf } from './statements.ts';

/** Of one request, in milliseconds. */
export type Percentiles = { p50: number; p95: number; p99: number };

export type Latency = { name: string; p95MaxMs: number | undefined; api: Percentiles; bare: Percentiles };

type Setting = { api: ServerProcess; databaseUrl: string; requests: number };

/** Requests that are not counted: connections are made, plans and pages get into caches. */
const WARM_UP = 5;

/** One client, one request after another; then the same statements through bare `pg`. */
export async function measureLatency(
  { api, databaseUrl, requests }: Setting,
  { name, asked, p95MaxMs }: Case,
): Promise<Latency> {
  const throughApi = await measureRequests({ api, requests }, { asked });

  const statements = await statementsOf(databaseUrl, asked.map(queryOf));
  const client = await openDatabase(databaseUrl);
  try {
    const bare = await percentilesOf(requests, async (turn) => {
      for (const { text, values } of statements[turn % statements.length] ?? []) await client.query(text, values);
    });
    return { name, p95MaxMs, api: throughApi, bare };
  } finally {
    await client.end();
  }
}

/** One client, one request after another. */
export function measureRequests(
  { api, requests }: Pick<Setting, 'api' | 'requests'>,
  { asked }: Pick<Case, 'asked'>,
): Promise<Percentiles> {
  const paths = asked.map(pathOf);
  return percentilesOf(requests, async (turn) => {
    const response = await fetch(api.url + paths[turn % paths.length]);
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${paths[turn % paths.length]} was answered with ${response.status}`);
  });
}

async function percentilesOf(requests: number, ask: (turn: number) => Promise<void>): Promise<Percentiles> {
  for (let turn = 0; turn < WARM_UP; turn++) await ask(turn);
  const times: number[] = [];
  for (let turn = 0; turn < requests; turn++) {
    const started = performance.now();
    await ask(turn);
    times.push(performance.now() - started);
  }
  times.sort((a, b) => a - b);
  const percentile = (share: number) => times[Math.ceil(share * times.length) - 1] ?? Number.NaN;
  return { p50: percentile(0.5), p95: percentile(0.95), p99: percentile(0.99) };
}
