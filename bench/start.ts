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
import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bundleAll, FUNCTIONS } from '../infra/src/bundle/bundle.ts';
import { measureStarts, sayStarts } from './npm-start.ts';
import { median, saveResults, say, sayTable, whole } from './results.ts';
import { readScriptOptions } from './script-options.ts';

const run = promisify(execFile);
const KIB = 1024;
/** Milliseconds of CPU that producer and consumer may take. */
const GOAL_MS = 150;

/** Any will do: nothing is connected to. */
const ENVIRONMENT = {
  PATH: process.env.PATH,
  AWS_REGION: 'eu-central-1',
  DATABASE_HOST: 'db.example.com',
  DATABASE_USER: 'rowferry_app',
  ...Object.fromEntries(
    ['ROW', 'SEGMENT', 'WEBHOOKS', 'WEBHOOK_REQUESTS', 'WEBHOOK_ANSWERS', 'NOTIFICATIONS', 'ALERTS'].map((queue) => [
      `${queue}_QUEUE_URL`,
      `https://sqs.eu-central-1.amazonaws.com/1/${queue.toLowerCase()}`,
    ]),
  ),
  UPLOAD_BUCKET: 'files',
  EVENTS_TOPIC_ARN: 'arn:aws:sns:eu-central-1:123456789012:events',
};

const IMPORT = `
  const before = process.cpuUsage();
  await import(process.argv[1]);
  const { user, system } = process.cpuUsage(before);
  process.stdout.write(String((user + system) / 1000));
`;

const values = readScriptOptions('bench:start', import.meta.url, {
  runs: { type: 'string', default: '15' },
  starts: { type: 'string', default: '4' },
});
const directory = await mkdtemp(join(tmpdir(), 'rowferry-bench-'));
try {
  const starts = await measureStarts(join(directory, 'data'), Number(values.starts));
  await bundleAll(directory);
  const results = [];
  for (const name of FUNCTIONS) {
    const file = join(directory, name, 'index.mjs');
    const times: number[] = [];
    for (let n = 0; n < Number(values.runs); n++) times.push(await importOnce(file));
    results.push({ name, bytes: (await stat(file)).size, ms: median(times), least: Math.min(...times) });
  }
  say(
    `CPU time of importing each function, median of ${values.runs}; goal: producer and consumer below ${GOAL_MS} ms\n`,
  );
  sayTable([
    ['', 'ms', 'least', 'KiB'],
    ...results.map(({ name, ms, least, bytes }) => [name, whole(ms), whole(least), whole(bytes / KIB)]),
  ]);
  if (starts.length > 0) sayStarts(starts);
  saveResults('start', { runs: Number(values.runs), results, starts });
} finally {
  await rm(directory, { recursive: true, force: true });
}

async function importOnce(file: string): Promise<number> {
  const args = ['--input-type=module', '--eval', IMPORT, file];
  const { stdout } = await run(process.execPath, args, { cwd: directory, env: ENVIRONMENT });
  return Number(stdout);
}
