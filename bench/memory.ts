/**
 * Does memory stay where it is however large the file? Sends a file of 1 GiB through the API and the worker and prints the
 * most that each process ever held: `npm run bench:memory`. Most of the file is a column that Rowferry ignores, so that
 * receiving, splitting, reading and parsing see all of it and Postgres need not take ten million rows.
 *
 * --mib N  size of the file;  --rows N  rows in it;  --directory PATH  where the data are kept meanwhile
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { saveResults, say, sayTable, whole } from './results.ts';
import { writeRoster } from './roster.ts';
import { startSystem } from './system.ts';
import { ingest } from './upload.ts';

const MIB = 1024 * 1024;
/** What API and worker shall stay below. */
const GOAL_MIB = 250;
/** Of a row as CSV, without the ignored column and its comma. */
const ROW_BYTES = 93;

const { values } = parseArgs({
  options: {
    mib: { type: 'string', default: '1024' },
    rows: { type: 'string', default: '1000000' },
    directory: { type: 'string', default: tmpdir() },
  },
});
const rows = Number(values.rows);
const wanted = Number(values.mib) * MIB;

const directory = await mkdtemp(join(values.directory, 'rowferry-bench-'));
const file = join(directory, 'roster.csv');
try {
  await writeRoster(file, rows, Math.max(1, Math.round(wanted / rows) - ROW_BYTES - 1));
  const { size } = await stat(file);
  const system = await startSystem(join(directory, 'data'), { MAX_UPLOAD_BYTES: String(2 * wanted) });
  const before = system.usages();
  const { upload, uploadSeconds, landSeconds } = await ingest(system.apiUrl, file);
  const after = system.usages();
  await system.stop();
  if (upload.status !== 'completed' || upload.counts.inserted !== rows) {
    throw new Error(`not every row landed: ${JSON.stringify(upload)}`);
  }
  say(
    `${whole(size / MIB)} MiB, ${whole(rows)} rows: sent in ${uploadSeconds.toFixed(1)} s, landed ${landSeconds.toFixed(1)} s later\n`,
  );
  sayTable([
    ['MiB', 'before', 'most', `below ${GOAL_MIB}`],
    ...(['api', 'worker', 'emulator'] as const).map((part) => [
      part,
      whole(before[part].peakRssMib),
      whole(after[part].peakRssMib),
      after[part].peakRssMib < GOAL_MIB ? 'yes' : 'no',
    ]),
  ]);
  saveResults('memory', { size, rows, uploadSeconds, landSeconds, before, after });
} finally {
  await rm(directory, { recursive: true, force: true });
}
