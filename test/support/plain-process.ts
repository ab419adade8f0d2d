import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Fixtures, services } from '@rowferry/testing';
import { expect, onTestFinished } from 'vitest';

/** What docs/hosting.md tells supervisors to run. */
export const ROWFERRY = fileURLToPath(new URL('../../node_modules/.bin/rowferry', import.meta.url));

export type PlainProcess = {
  child: ChildProcess;
  /** What it has logged so far. */
  output(): string;
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
};

/** `rowferry worker` on a test's own database, bucket and queues; it runs when this returns. */
export function startWorker(fixtures: Fixtures, env: Record<string, string> = {}): Promise<PlainProcess> {
  return start('worker', { ...environmentOf(fixtures), ...env }, 'worker started');
}

/** `rowferry api` on the same, on a free port. */
export async function startApi(fixtures: Fixtures): Promise<PlainProcess & { url: string }> {
  const process = await start('api', { ...environmentOf(fixtures), PORT: '0' }, 'API started');
  const { url } = JSON.parse(process.output().trim().split('\n').at(-1) ?? '');
  return { ...process, url };
}

async function start(command: 'api' | 'worker', env: NodeJS.ProcessEnv, ready: string): Promise<PlainProcess> {
  const child = spawn(ROWFERRY, [command], { env });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  await expect.poll(() => output, { timeout: 30_000 }).toContain(ready);
  return { child, output: () => output, exited };
}

/** What a process that works with these fixtures is told, and nothing else. */
export function environmentOf({ databaseUrl, bucket, aws, ...queues }: Fixtures): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    AWS_REGION: aws.AWS_REGION,
    AWS_ACCESS_KEY_ID: 'rowferry',
    AWS_SECRET_ACCESS_KEY: 'rowferry',
    AWS_ENDPOINT_URL: services().endpoint,
    DATABASE_URL: databaseUrl,
    UPLOAD_BUCKET: bucket,
    ROW_QUEUE_URL: queues.rowQueueUrl,
    ROW_DLQ_URL: queues.rowDlqUrl,
    SEGMENT_QUEUE_URL: queues.segmentQueueUrl,
    SEGMENT_DLQ_URL: queues.segmentDlqUrl,
    LOG_LEVEL: 'info',
  };
}
