import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { median } from './results.ts';

const run = promisify(execFile);

/** Milliseconds of CPU. */
export type BundleImport = { ms: number; least: number };

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

/** What a cold start does before it sees an event: imports the function's one file, each time in a process of its own. */
export async function measureBundleImport(file: string, runs: number): Promise<BundleImport> {
  const times: number[] = [];
  for (let n = 0; n < runs; n++) times.push(await importOnce(file));
  return { ms: median(times), least: Math.min(...times) };
}

async function importOnce(file: string): Promise<number> {
  const args = ['--input-type=module', '--eval', IMPORT, file];
  const { stdout } = await run(process.execPath, args, { cwd: dirname(file), env: ENVIRONMENT });
  return Number(stdout);
}
