/**
 * Does memory stay where it is however large the file? Sends a file of 1 GiB through the API and the worker, tries it
 * once more as a dry run, takes it out again as files, and prints the most that each process held in each step:
 * `npm run bench:memory`. Most of the file is a column that Rowferry ignores, so that
 * receiving, splitting, reading and parsing see all of it and Postgres need not take ten million rows. Then the same with a
 * file of which all but two rows is one line.
 *
 * --mib N  size of the file;  --rows N  rows in it;  --directory PATH  where the data are kept meanwhile
 */
import { mkdtemp, open, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GOALS, reportGoals } from './goals.ts';
import { saveResults, say, sayTable, whole } from './results.ts';
import { writeRoster } from './roster.ts';
import { readScriptOptions } from './script-options.ts';
import { type System, startSystem } from './system.ts';
import { download, dryRun, ingest } from './upload.ts';

const MIB = 1024 * 1024;
/** Of API and of worker. */
const GOAL_MIB = GOALS.memory.atMost;
/** Of a row as CSV, without the ignored column and its comma. */
const ROW_BYTES = 93;
const PARTS = ['api', 'worker', 'emulator'] as const;

const values = readScriptOptions('bench:memory', import.meta.url, {
  mib: { type: 'string', default: '1024' },
  rows: { type: 'string', default: '1000000' },
  directory: { type: 'string', default: tmpdir() },
});
const rows = Number(values.rows);
const wanted = Number(values.mib) * MIB;

type Step = { step: string; seconds: number; peaks: Record<(typeof PARTS)[number], number> };

const directory = await mkdtemp(join(values.directory, 'rowferry-bench-'));
const file = join(directory, 'roster.csv');
const oneLine = join(directory, 'one-line.csv');
const steps: Step[] = [];
try {
  await writeRoster(file, rows, { notes: Math.max(1, Math.round(wanted / rows) - ROW_BYTES - 1) });
  const { size } = await stat(file);
  await writeOneLine(oneLine, wanted);
  const system = await startSystem(join(directory, 'data'), { MAX_UPLOAD_BYTES: String(2 * wanted) });
  try {
    await measureAll(system);
  } finally {
    await system.stop();
  }
  say(`${whole(size / MIB)} MiB, ${whole(rows)} rows; peak RSS in MiB, goal: API and worker at most ${GOAL_MIB}\n`);
  sayTable([
    ['', 's', ...PARTS],
    ...steps.map(({ step, seconds, peaks }) => [
      step,
      whole(seconds),
      ...PARTS.map((part) => judged(part, peaks[part])),
    ]),
  ]);
  const peak = Math.max(...steps.flatMap(({ peaks }) => [peaks.api, peaks.worker]));
  const ratios = reportGoals({ memory: peak }, `a file of ${whole(size / MIB)} MiB`);
  saveResults('memory', { size, rows, ratios, steps });
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function measureAll(system: System): Promise<void> {
  const { apiUrl } = system;
  await measure(system, 'nothing', async () => {});
  const { id } = await measure(system, 'upload, until the last row is in place', async () => {
    const { upload } = await ingest(apiUrl, file);
    if (upload.status === 'completed' && upload.counts.inserted === rows) return upload;
    throw new Error(`not every row landed: ${JSON.stringify(upload)}`);
  });
  await measure(system, 'dry run', async () => {
    const { counts } = await dryRun(apiUrl, file);
    if (counts.unchanged !== rows) throw new Error(`not every row is unchanged: ${JSON.stringify(counts)}`);
  });
  await measure(system, 'its failed rows as a file', () => download(`${apiUrl}/v1/uploads/${id}/failed-rows.csv`));
  await measure(system, 'all employees as a file', () => download(`${apiUrl}/v1/employees.csv`));
  await measureOneLine(system);
}

async function measureOneLine(system: System): Promise<void> {
  const { apiUrl } = system;
  const { id } = await measure(system, 'a file of one line, until its last row is in place', async () => {
    const { upload } = await ingest(apiUrl, oneLine);
    if (upload.total === 3 && upload.counts.inserted === 2 && upload.counts.rejected === 1) return upload;
    throw new Error(`two rows and a line that is too long came to something else: ${JSON.stringify(upload)}`);
  });
  await measure(system, 'dry run of it', async () => {
    const { counts } = await dryRun(apiUrl, oneLine);
    if (counts.unchanged !== 2 || counts.rejected !== 1) throw new Error(`it is now: ${JSON.stringify(counts)}`);
  });
  await measure(system, 'its failed rows as a file, three times at once', async () => {
    await Promise.all([1, 2, 3].map(() => download(`${apiUrl}/v1/uploads/${id}/failed-rows.csv`)));
  });
}

/** Two employees, and between them a line of `bytes` that nothing ends. */
async function writeOneLine(path: string, bytes: number): Promise<void> {
  const handle = await open(path, 'w');
  try {
    await handle.write('employee_name,company_name,email\nAnn Long,Acme,ann@one-line.example\n');
    const piece = Buffer.alloc(MIB, 'x');
    for (let left = bytes; left > 0; left -= piece.length) await handle.write(piece, 0, Math.min(left, piece.length));
    await handle.write('\nBob Long,Acme,bob@one-line.example\n');
  } finally {
    await handle.close();
  }
}

async function measure<T>(system: System, step: string, work: () => Promise<T>): Promise<T> {
  system.forgetPeaks();
  const start = performance.now();
  const result = await work();
  const usages = system.usages();
  const peaks = { api: usages.api.peakRssMib, worker: usages.worker.peakRssMib, emulator: usages.emulator.peakRssMib };
  steps.push({ step, seconds: (performance.now() - start) / 1000, peaks });
  return result;
}

function judged(part: (typeof PARTS)[number], peak: number): string {
  return part !== 'emulator' && peak > GOAL_MIB ? `${whole(peak)} !` : whole(peak);
}
