/**
 * What does a start cost? `npm run bench:start` measures
 *
 * - `npm start`, until a request is answered: seconds, and CPU time of each process;
 * - each Lambda function, once bundled: CPU time of its import, and bytes. On Lambda a start has as much CPU as the function
 *   has memory: at 512 MB about a third of a core.
 *
 * --runs N    starts of each function; the median counts
 * --starts N  of npm start, the first of which makes its data; 0 leaves them out
 */
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleAll, FUNCTIONS, type FunctionName } from '../infra/src/bundle/bundle.ts';
import { type BundleImport, measureBundleImport } from './bundle-import.ts';
import { reportGoals } from './goals.ts';
import { measureStarts, sayStarts } from './npm-start.ts';
import { median, saveResults, say, sayTable, whole } from './results.ts';
import { readScriptOptions } from './script-options.ts';

const KIB = 1024;

const values = readScriptOptions('bench:start', import.meta.url, {
  runs: { type: 'string', default: '15' },
  starts: { type: 'string', default: '4' },
});
const runs = Number(values.runs);
const directory = await mkdtemp(join(tmpdir(), 'rowferry-bench-'));
try {
  const starts = await measureStarts(join(directory, 'data'), Number(values.starts));
  await bundleAll(directory);
  const results: (BundleImport & { name: FunctionName; bytes: number })[] = [];
  for (const name of FUNCTIONS) {
    const file = join(directory, name, 'index.mjs');
    results.push({ name, bytes: (await stat(file)).size, ...(await measureBundleImport(file, runs)) });
  }
  say(`CPU time of importing each function, median of ${values.runs}\n`);
  sayTable([
    ['', 'ms', 'least', 'KiB'],
    ...results.map(({ name, ms, least, bytes }) => [name, whole(ms), whole(least), whole(bytes / KIB)]),
  ]);
  if (starts.length > 0) sayStarts(starts);
  const [, ...later] = starts;
  const ratios = reportGoals(
    {
      producerImport: results.find(({ name }) => name === 'producer')?.ms,
      consumerImport: results.find(({ name }) => name === 'consumer')?.ms,
      secondStart: later.length === 0 ? undefined : median(later.map(({ seconds }) => seconds)),
    },
    `${runs} imports, ${starts.length} starts`,
  );
  saveResults('start', { runs, ratios, results, starts });
} finally {
  await rm(directory, { recursive: true, force: true });
}
