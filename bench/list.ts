/**
 * How long lists of employees take, with 100,000 and 1,000,000 of them, also while rows are written, and how many the API
 * answers a second beside the same SQL through bare `pg`, all in one run on one machine: `npm run bench:list`.
 * docs/benchmarks/list.md says what is measured and how to read it.
 *
 * --rows N          employees of the larger table; the smaller one has a tenth
 * --requests N      of each case, one after another
 * --seconds N       for which 16 clients ask at the same time
 * --directory PATH  where the data are kept meanwhile; should not be in memory
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { startPostgres } from '@rowferry/embedded';
import { reportGoals } from './goals.ts';
import { startApiProcess } from './list/api-process.ts';
import { casesFor, LOADS, OTHER_PAGES } from './list/cases.ts';
import { measureExport } from './list/export.ts';
import { type Latency, measureLatency, type Percentiles } from './list/latency.ts';
import { type Load, measureLoad } from './list/load.ts';
import { seedEmployees } from './list/seed.ts';
import { measureWhileRowsLand, type WhileRowsLand } from './list/while-rows-land.ts';
import { saveResults, say, sayTable, whole } from './results.ts';
import { readScriptOptions } from './script-options.ts';
import { openDatabase } from './tables.ts';

const values = readScriptOptions('bench:list', import.meta.url, {
  rows: { type: 'string', default: '1000000' },
  requests: { type: 'string', default: '100' },
  seconds: { type: 'string', default: '10' },
  directory: { type: 'string', default: tmpdir() },
});
const largest = Number(values.rows);
const requests = Number(values.requests);
const seconds = Number(values.seconds);

const directory = await mkdtemp(join(values.directory, 'rowferry-bench-'));
// Others may pass through it: root's Postgres runs as another user.
await chmod(directory, 0o711);
const postgres = await startPostgres({ dataDir: join(directory, 'postgres'), port: 0, database: 'bench' });
try {
  await sayMachine();
  const sizes = [];
  for (const rows of [largest / 10, largest]) sizes.push(await measureSize(rows));
  const pages = sizes.at(-1)?.loads.find(({ name }) => name === OTHER_PAGES);
  const ratio = pages === undefined ? undefined : pages.api / pages.bare;
  const ratios = reportGoals({ otherPagesOfBarePg: ratio }, `${whole(largest)} employees`);
  saveResults('list', { requests, seconds, ratios, sizes });
} finally {
  await postgres.stop();
  await rm(directory, { recursive: true, force: true });
}

async function measureSize(rows: number) {
  const databaseUrl = Object.assign(new URL(postgres.url), { pathname: `/list_${rows}` }).href;
  await seedEmployees(postgres.url, databaseUrl, rows);
  const api = await startApiProcess(databaseUrl);
  try {
    const latencies: Latency[] = [];
    for (const one of casesFor(rows)) latencies.push(await measureLatency({ api, databaseUrl, requests }, one));
    const loads: Load[] = [];
    for (const load of LOADS) loads.push(await measureLoad({ api, databaseUrl, seconds }, load));
    const exported = await measureExport(api);
    report(rows, latencies, loads);
    say(
      `  all of them as CSV: ${exported.seconds.toFixed(1)} s, ${whole(exported.rows / exported.seconds)} rows/s, ` +
        `peak RSS of the API ${exported.peakRssMib ?? '?'} MiB, before ${exported.rssBeforeMib ?? '?'} MiB`,
    );
    const whileRowsLand = await measureWhileRowsLand({ api, databaseUrl, requests, rows });
    reportWhileRowsLand(latencies, whileRowsLand);
    return { rows, latencies, loads, exported, whileRowsLand };
  } finally {
    await api.stop();
  }
}

function report(rows: number, latencies: readonly Latency[], loads: readonly Load[]): void {
  say(`\n${whole(rows)} employees, one client at a time, milliseconds`);
  sayTable([
    ['', 'p50', 'p95', 'p99', 'p95 at most', 'bare pg p50'],
    ...latencies.map(({ name, api, bare, p95MaxMs }) => [
      name,
      ...percentiles(api),
      p95MaxMs === undefined ? '' : `${p95MaxMs}${api.p95 > p95MaxMs ? ' !' : ''}`,
      ms(bare.p50),
    ]),
  ]);
  say(`\n${whole(rows)} employees, 16 clients, requests/s`);
  sayTable([
    ['', 'API', 'bare pg', 'ratio', 'bare pg, prepared', 'ratio', 'node:http and pg'],
    ...loads.map(({ name, api, plainServer, bare, barePrepared }) => [
      name,
      whole(api),
      whole(bare),
      (api / bare).toFixed(2),
      whole(barePrepared),
      (api / barePrepared).toFixed(2),
      whole(plainServer),
    ]),
  ]);
}

function reportWhileRowsLand(alone: readonly Latency[], { rowsPerSecond, cases }: WhileRowsLand): void {
  say(`\nwhile ${whole(rowsPerSecond)} rows/s are written, one client at a time, milliseconds`);
  sayTable([
    ['', 'p50', 'p95', 'p99', 'p95 without writers'],
    ...cases.map(({ name, api }) => [name, ...percentiles(api), ms(alone.find((one) => one.name === name)?.api.p95)]),
  ]);
}

function percentiles({ p50, p95, p99 }: Percentiles): string[] {
  return [ms(p50), ms(p95), ms(p99)];
}

function ms(value = Number.NaN): string {
  return value.toFixed(1);
}

async function sayMachine(): Promise<void> {
  const client = await openDatabase(postgres.url);
  const { rows } = await client.query<{ server_version: string }>('show server_version');
  await client.end();
  const memory = Math.round(totalmem() / 1024 ** 3);
  say(
    `${cpus()[0]?.model ?? 'unknown CPU'}, ${cpus().length} cores, ${memory} GiB; ${process.platform} ${process.arch}`,
  );
  say(`Node ${process.version}, Postgres ${rows[0]?.server_version} with Rowferry's embedded settings`);
}
