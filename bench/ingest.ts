/**
 * Rows a second from "upload accepted" to "last row visible", beside what else fills a table with the same rows, all in one
 * run on one machine: `npm run bench:ingest -- --rows 200000`. docs/benchmarks/ingest.md says what is measured and how to
 * read it.
 *
 * --rows N, --rounds N             how many rows, how often: each round is printed, and the medians
 * --rows-per-message N             instead of what follows from the size of the file
 * --directory PATH                 where the data are kept meanwhile; should not be in memory
 *
 * Without one of the next, one file of 1,000,000 rows:
 *
 * --copy-only                      leaves out COPY by two connections, COPY with its index made afterwards, and pgloader
 * --naive-rows N, --single-rows N  samples for the naive design and for one row a message; 0 leaves them out
 *
 * Instead, one or several of
 *
 * --small                          files of 10,000 rows: the first after a start, and warm ones
 * --resent                         a file of 300,000 rows, sent again while nothing has changed
 * --with-clients                   a file of 1,000,000 rows alone, and while 20 clients page and search among
 *   --existing N                   employees who were there before
 * --table                          files of 10,000 to 5,000,000 rows
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureOneFile } from './ingest/one-file.ts';
import { measureResent } from './ingest/resent.ts';
import type { Run } from './ingest/run.ts';
import { measureSizes } from './ingest/sizes.ts';
import { measureSmallFiles } from './ingest/small-files.ts';
import { measureWithClients } from './ingest/with-clients.ts';
import { readScriptOptions } from './script-options.ts';

const values = readScriptOptions('bench:ingest', import.meta.url, {
  rows: { type: 'string' },
  rounds: { type: 'string', default: '1' },
  'rows-per-message': { type: 'string' },
  directory: { type: 'string', default: tmpdir() },
  'copy-only': { type: 'boolean', default: false },
  'naive-rows': { type: 'string', default: '3000' },
  'single-rows': { type: 'string', default: '20000' },
  small: { type: 'boolean', default: false },
  resent: { type: 'boolean', default: false },
  'with-clients': { type: 'boolean', default: false },
  existing: { type: 'string', default: '100000' },
  table: { type: 'boolean', default: false },
});
const rows = (usual: number) => Number(values.rows ?? usual);

const directory = await mkdtemp(join(values.directory, 'rowferry-bench-'));
const run: Run = { directory, rounds: Number(values.rounds), rowsPerMessage: values['rows-per-message'] };
try {
  if (values.small) await measureSmallFiles(run, rows(10_000));
  if (values.resent) await measureResent(run, rows(300_000));
  if (values['with-clients'])
    await measureWithClients(run, { rows: rows(1_000_000), existing: Number(values.existing) });
  if (values.table) await measureSizes(run);
  if (!(values.small || values.resent || values['with-clients'] || values.table))
    await measureOneFile(run, {
      rows: rows(1_000_000),
      naiveRows: Number(values['naive-rows']),
      singleRows: Number(values['single-rows']),
      copyOnly: values['copy-only'],
    });
} finally {
  await rm(directory, { recursive: true, force: true });
}
