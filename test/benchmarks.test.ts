import { globSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { HAS_BROWSER } from '../apps/api/test/browser.ts';
import { runNpm } from './support/run-npm.ts';
import { readScripts } from './support/scripts.ts';

/** A benchmark can hang; how long it takes says nothing here. */
const TIMEOUT_MS = 300_000;

type Smallest = { args: string[]; prints: RegExp[] };

/** Each benchmark at the smallest size at which it does everything that it does, and what it must print. */
const SCRIPTS: Record<string, Smallest> = {
  'bench:ingest --small --resent --with-clients': {
    args: ['--rows', '100', '--existing', '200'],
    prints: [
      /first after a start +[1-9][\d,]* +[1-9][\d,]* +\d+\.\d\d\n/,
      /warm, median of 5 a start +[1-9][\d,]* +[1-9][\d,]* +\d+\.\d\d\n/,
      /small file, warm, of COPY +\d+\.\d\d +≥ 0\.8 +(yes|no) +10,000 rows\n/,
      /COPY into an empty table +[1-9]/,
      /sent again, all unchanged, 100 rows +[1-9][\d,]* +\d+\.\d\d +/,
      /while 20 clients page and search +[1-9][\d,]* +\d+\.\d\d\n/,
      /first page +[\d.]+ +[\d.]+ +[\d.]+ +[1-9]\d*\n/,
      /searches +[\d.]+ +[\d.]+ +[\d.]+ +[1-9]\d*\n/,
      /requests that failed: 0\n/,
      /p95 of their first page meanwhile +\d+\.\d +≤ 50 ms +(yes|no)/,
    ],
  },
  'bench:ingest': {
    args: ['--rows', '100', '--naive-rows', '20', '--single-rows', '20'],
    prints: [
      /Rowferry, end to end, 100 rows +[1-9]/,
      /COPY of the same rows, one connection +[1-9][\d,]* +\d+\.\d\d\n/,
      /COPY, two connections at once +[1-9][\d,]* +\d+\.\d\d\n/,
      /COPY, one connection, search index made afterwards +[1-9][\d,]* +\d+\.\d\d\n/,
      /pgloader( is not installed: left out| +[1-9][\d,]* +\d+\.\d\d)\n/,
      /naive, 4 at a time, 20 rows +[1-9]/,
      /one row a message, 20 rows +[1-9]/,
      /end to end, of COPY by two connections +\d+\.\d\d +≥ 0\.65/,
      /Postgres, backends included/,
      /Postgres afterwards: search index tidied +\d/,
    ],
  },
  'bench:memory': {
    args: ['--mib', '1', '--rows', '100'],
    prints: [
      /^1 MiB, 100 rows/m,
      /upload, until the last row is in place/,
      /dry run/,
      /all employees as a file/,
      /three times at once/,
    ],
  },
  'bench:parts': {
    args: ['--rows', '100', '--rounds', '1', '--runs', '1'],
    prints: [
      /parse: .* [1-9][\d,]* +rows\/s/,
      /send: messages of 1, .* messages\/s/,
      /write: 2,000 rows a statement, 4 at a time +[1-9].* +\d+\.\d\d\n/,
      /import of the consumer’s bundle, CPU +[1-9]/,
    ],
  },
  'bench:list': {
    args: ['--rows', '200', '--requests', '1', '--seconds', '0.1'],
    prints: [
      /^20 employees entered/m,
      /^200 employees, 16 clients/m,
      /search +[1-9].*\n +all of them as CSV/,
      /^while [1-9][\d,]* rows\/s are written(.*\n)+ *term, few have it +[\d.]+ /m,
      /other pages at 16 clients, of bare pg +\d+\.\d\d +≥ 0\.6/,
    ],
  },
  'bench:start': {
    args: ['--runs', '1', '--starts', '2'],
    prints: [
      /npm start to the first answer, later +\d+\.\d\d/,
      /producer +[1-9]/,
      /consumer +[1-9]/,
      /migration +[1-9]/,
      /npm start to the first answer, later starts +\d+\.\d\d +≤ 2\.5 s/,
    ],
  },
  // Only where the npm package has a Chromium.
  ...(HAS_BROWSER ? { 'bench:console': { args: ['--runs', '1'], prints: [/can be used after +[1-9]/] } } : {}),
};

const FILES: Record<string, Smallest> = {
  'packages/csv/bench/scan.bench.ts': { args: ['80'], prints: [/UTF-16 LE, CRLF +scan +\d+ MB\/s +parse +[1-9]/] },
  'packages/embedded/bench/emulator-cpu.ts': {
    args: ['--rows', '400', '--rounds', '1', '--directory', tmpdir()],
    prints: [/µs a row: upload \d+\.\d\d, read \d+\.\d\d, messages \d+\.\d\d; peak [1-9]/],
  },
  'packages/embedded/bench/object-throughput.ts': {
    args: ['--mib', '9', '--directory', tmpdir()],
    prints: [/"upload":\d+,"download":\d+,"peakMib":[1-9]/],
  },
  'packages/embedded/bench/queue-throughput.ts': {
    args: ['--messages', '20', '--directory', tmpdir()],
    prints: [/"fauxqs, 1 KiB": \{\s+"send": [1-9]/, /"embedded, 20 KiB": \{\s+"send": [1-9]/],
  },
};

/** What another benchmark starts. */
const PARTS_OF_OTHERS = ['packages/embedded/bench/fauxqs-as-it-comes.ts'];

test('every benchmark is run here', async () => {
  const scripts = Object.keys(await readScripts()).filter(
    (name) => name.startsWith('bench:') && (HAS_BROWSER || name !== 'bench:console'),
  );
  const run = new Set(Object.keys(SCRIPTS).map((command) => command.split(' ')[0]));
  expect([...run].toSorted()).toEqual(scripts.toSorted());
  const files = globSync('{packages,apps}/*/bench/*.ts');
  expect([...Object.keys(FILES), ...PARTS_OF_OTHERS].toSorted()).toEqual(files.toSorted());
});

test.for(Object.entries(SCRIPTS))('npm run %s', { timeout: TIMEOUT_MS }, async ([command, { args, prints }]) => {
  const [script = '', ...options] = command.split(' ');
  const results = await mkdtemp(join(tmpdir(), 'rowferry-results-'));
  onTestFinished(() => rm(results, { recursive: true }));
  const env = { BENCH_RESULTS_DIRECTORY: results };
  const { code, stdout, stderr } = await runNpm(['run', '--silent', script, '--', ...options, ...args], { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const pattern of prints) expect(stdout).toMatch(pattern);
  const files = await readdir(results);
  expect(files).toHaveLength(Math.max(1, options.length));
  for (const file of files) {
    const { machine, ratios } = JSON.parse(await readFile(join(results, file), 'utf8'));
    expect(machine).toMatchObject({ node: process.version });
    expect(Object.values(ratios)).toContainEqual({
      now: expect.any(Number),
      goal: expect.any(Number),
      isMet: expect.any(Boolean),
    });
  }
});

test.for(Object.entries(FILES))('node %s', { timeout: TIMEOUT_MS }, async ([file, { args, prints }]) => {
  const { code, stdout, stderr } = await runNpm(['exec', '--', 'node', file, ...args]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  for (const pattern of prints) expect(stdout).toMatch(pattern);
});
