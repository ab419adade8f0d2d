/**
 * Rows a second from "upload accepted" to "last row visible", beside `COPY` of the same rows and the naive design, all in
 * one run on one machine: `npm run bench:ingest -- --rows 200000`. What it says is in docs/performance.md.
 *
 * --rows N, --rounds N             how many rows, how often (each round is printed, and the medians)
 * --rows-per-message N             instead of what follows from the size of the file
 * --naive-rows N, --single-rows N  samples for the naive design and for one row a message; 0 leaves them out
 * --copy-only                      leaves out COPY by two connections, COPY with the search index made afterwards, pgloader
 * --table                          files of 10,000 to 5,000,000 rows instead
 * --resent                         one file, sent again while nothing has changed, instead
 * --directory PATH                 where the data are kept meanwhile; should not be in memory
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureOneFile } from './ingest/one-file.ts';
import { measureResent } from './ingest/resent.ts';
import type { Run } from './ingest/run.ts';
import { measureSizes } from './ingest/sizes.ts';
import { readScriptOptions } from './script-options.ts';

const values = readScriptOptions('bench:ingest', import.meta.url, {
  rows: { type: 'string', default: '1000000' },
  rounds: { type: 'string', default: '1' },
  'rows-per-message': { type: 'string' },
  'naive-rows': { type: 'string', default: '3000' },
  'single-rows': { type: 'string', default: '20000' },
  'copy-only': { type: 'boolean', default: false },
  table: { type: 'boolean', default: false },
  resent: { type: 'boolean', default: false },
  directory: { type: 'string', default: tmpdir() },
});
const rows = Number(values.rows);

const directory = await mkdtemp(join(values.directory, 'rowferry-bench-'));
const run: Run = { directory, rounds: Number(values.rounds), rowsPerMessage: values['rows-per-message'] };
try {
  if (values.table) await measureSizes(run);
  else if (values.resent) await measureResent(run, rows);
  else {
    const [naiveRows, singleRows] = [Number(values['naive-rows']), Number(values['single-rows'])];
    await measureOneFile(run, { rows, naiveRows, singleRows, copyOnly: values['copy-only'] });
  }
} finally {
  await rm(directory, { recursive: true, force: true });
}
