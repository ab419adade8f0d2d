/**
 * Rows a second from "upload accepted" to "last row visible", beside `COPY` of the same rows and the naive design, all in
 * one run on one machine: `npm run bench:ingest -- --rows 200000`. What it says is in docs/performance.md.
 *
 * --rows N, --rounds N             how many rows, how often (medians are printed)
 * --rows-per-message N             instead of what follows from the size of the file
 * --naive-rows N, --single-rows N  samples for the naive design and for one row a message; 0 leaves them out
 * --table                          files of 10,000 to 5,000,000 rows instead
 * --resent                         one file, sent again while nothing has changed, instead
 * --directory PATH                 where the data are kept meanwhile; should not be in memory
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newUploadId } from '@rowferry/messages';
import { type ResentRound, reportResent, runResentRound } from './resent.ts';
import { median, saveResults, say, sayTable, whole } from './results.ts';
import { naive } from './rivals.ts';
import { type Round, runRound } from './round.ts';
import { readScriptOptions } from './script-options.ts';
import { type Part, type System, startSystem } from './system.ts';

const TABLE_SIZES = [10_000, 100_000, 1_000_000, 5_000_000];
const FIRST_ROWS = 10_000;
const NAIVE_RECEIVERS = [1, 4];

const values = readScriptOptions('bench:ingest', import.meta.url, {
  rows: { type: 'string', default: '1000000' },
  rounds: { type: 'string', default: '1' },
  'rows-per-message': { type: 'string' },
  'naive-rows': { type: 'string', default: '3000' },
  'single-rows': { type: 'string', default: '20000' },
  table: { type: 'boolean', default: false },
  resent: { type: 'boolean', default: false },
  directory: { type: 'string', default: tmpdir() },
});
const rounds = Number(values.rounds);
const perMessage = values['rows-per-message'];

const directory = await mkdtemp(join(values.directory, 'rowferry-bench-'));
try {
  if (values.table) await measureSizes();
  else if (values.resent) await measureResent(Number(values.rows));
  else await measureOne(Number(values.rows));
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function measureOne(rows: number): Promise<void> {
  const measured = await withSystem(perMessage, async (system) => ({
    rounds: await runRounds(system, rows),
    naive: await runNaive(system, Number(values['naive-rows'])),
  }));
  const singleRows = Number(values['single-rows']);
  const single = singleRows === 0 ? [] : await withSystem('1', (system) => runRounds(system, singleRows));
  report(measured.rounds, measured.naive, single);
  saveResults('ingest', { rows, rowsPerMessage: perMessage ?? 'by size', ...measured, single });
}

/** Does the rate depend on the size of the file? */
async function measureSizes(): Promise<void> {
  const sizes: { file: string; rounds: Round[] }[] = [];
  await withSystem(perMessage, async (system) => {
    // V8 has compiled nothing yet: what a first small file takes says little of the next.
    const first = await runRound(system, { directory, rows: FIRST_ROWS, copyFirst: false });
    sizes.push({ file: `the first, ${whole(FIRST_ROWS)}`, rounds: [first] });
    for (const rows of TABLE_SIZES) sizes.push({ file: whole(rows), rounds: await runRounds(system, rows) });
  });
  const lines = sizes.map(({ file, rounds: of }) => [
    file,
    whole(rate(of, 'land')),
    whole(rate(of, 'copy')),
    ratio(of),
  ]);
  sayTable([['rows in the file', 'rows/s', 'COPY rows/s', 'ratio'], ...lines]);
  saveResults('ingest-sizes', { rowsPerMessage: perMessage ?? 'by size', sizes });
}

/** What happens every month: the same roster again. */
async function measureResent(rows: number): Promise<void> {
  const resent: ResentRound[] = [];
  await withSystem(perMessage, async (system) => {
    for (let number = 0; number < rounds; number++)
      resent.push(await runResentRound(system, { directory, rows, copyFirst: number % 2 === 0 }));
  });
  reportResent(resent);
  saveResults('ingest-resent', { rows, rowsPerMessage: perMessage ?? 'by size', rounds: resent });
}

async function withSystem<T>(rowsPerMessage: string | undefined, use: (system: System) => Promise<T>): Promise<T> {
  const environment = rowsPerMessage === undefined ? {} : { ROWS_PER_MESSAGE: rowsPerMessage };
  const system = await startSystem(join(directory, 'data'), environment);
  try {
    return await use(system);
  } finally {
    await system.stop();
  }
}

/** COPY goes first in one round and last in the next, so that neither gains by its place. */
async function runRounds(system: System, rows: number): Promise<Round[]> {
  const done: Round[] = [];
  for (let number = 0; number < rounds; number++) {
    done.push(await runRound(system, { directory, rows, copyFirst: number % 2 === 0 }));
    say(
      `round ${number + 1}: ${whole(rate(done.slice(-1), 'land'))} rows/s, COPY ${whole(rate(done.slice(-1), 'copy'))} rows/s`,
    );
  }
  return done;
}

async function runNaive(system: System, rows: number): Promise<{ receivers: number; rows: number; seconds: number }[]> {
  if (rows === 0) return [];
  const results = [];
  for (const receivers of NAIVE_RECEIVERS) {
    const { seconds, content } = await naive(system, { rows, receivers, uploadId: newUploadId() });
    if (content.rows !== rows) throw new Error(`the naive design landed ${content.rows} of ${rows} rows`);
    results.push({ receivers, rows, seconds });
  }
  return results;
}

function report(
  measured: readonly Round[],
  naiveRuns: Awaited<ReturnType<typeof runNaive>>,
  single: readonly Round[],
): void {
  const landed = rate(measured, 'land');
  const lines = [
    [`Rowferry, end to end, ${whole(measured[0]?.rows ?? 0)} rows`, whole(landed), ''],
    ['COPY of the same rows, one connection', whole(rate(measured, 'copy')), ratio(measured)],
  ];
  for (const { receivers, rows, seconds } of naiveRuns) {
    lines.push([
      `naive, ${receivers} at a time, ${whole(rows)} rows`,
      whole(rows / seconds),
      (landed / (rows / seconds)).toFixed(1),
    ]);
  }
  if (single.length > 0)
    lines.push([`Rowferry, one row a message, ${whole(single[0]?.rows ?? 0)} rows`, whole(rate(single, 'land')), '']);
  say('');
  sayTable([['', 'rows/s', 'Rowferry / it'], ...lines]);
  say('');
  sayUsage(measured);
}

function sayUsage(measured: readonly Round[]): void {
  const parts: [Part, string][] = [
    ['api', 'API'],
    ['worker', 'worker (producer and consumer)'],
    ['emulator', 'S3/SQS emulator'],
    ['postgres', 'Postgres, backends included'],
  ];
  const lines = parts.map(([part, label]) => {
    const cpu = median(measured.map(({ usages }) => usages[part].cpuSeconds));
    const memory = Math.max(...measured.map(({ usages }) => usages[part].peakRssMib));
    return [label, cpu.toFixed(1), ((cpu * 1e6) / (measured[0]?.rows ?? 1)).toFixed(1), whole(memory)];
  });
  const copyCpu = median(measured.map(({ copyCpuSeconds }) => copyCpuSeconds));
  lines.push(['Postgres during COPY', copyCpu.toFixed(1), ((copyCpu * 1e6) / (measured[0]?.rows ?? 1)).toFixed(1), '']);
  sayTable([['', 'CPU s', 'µs a row', 'peak RSS of a process, MiB'], ...lines]);
}

function rate(measured: readonly Round[], what: 'land' | 'copy'): number {
  return median(measured.map((round) => round.rows / (what === 'land' ? round.landSeconds : round.copySeconds)));
}

/** Of each round, so that what else the machine did meanwhile weighs on both. */
function ratio(measured: readonly Round[]): string {
  return median(measured.map(({ landSeconds, copySeconds }) => copySeconds / landSeconds)).toFixed(2);
}
