import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { type Fixtures, services } from '@rowferry/testing';
import { expect, onTestFinished } from 'vitest';

const WORKER = fileURLToPath(new URL('../../apps/local/src/worker.ts', import.meta.url));

export type Worker = {
  child: ChildProcess;
  /** What it has logged so far. */
  output(): string;
  exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
};

/** `npm run start:worker` on a test's own database, bucket and queues; it runs when this returns. */
export async function startWorker(fixtures: Fixtures, env: Record<string, string> = {}): Promise<Worker> {
  const child = spawn(process.execPath, [WORKER], { env: { ...environmentOf(fixtures), ...env } });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  const exited = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  const worker = { child, output: () => output, exited };
  await expect.poll(worker.output, { timeout: 30_000 }).toContain('the worker runs');
  return worker;
}

function environmentOf({ databaseUrl, bucket, aws, ...queues }: Fixtures): NodeJS.ProcessEnv {
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
