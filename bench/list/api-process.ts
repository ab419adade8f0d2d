import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export type ApiProcess = { url: string; pid: number; stop(): Promise<void> };

/** What a list has no use for, but the API must be told. */
const ELSEWHERE = {
  AWS_ENDPOINT_URL: 'http://127.0.0.1:9',
  AWS_REGION: 'us-east-1',
  AWS_ACCESS_KEY_ID: 'rowferry',
  AWS_SECRET_ACCESS_KEY: 'rowferry',
  ROW_QUEUE_URL: 'http://127.0.0.1:9/rows',
  SEGMENT_QUEUE_URL: 'http://127.0.0.1:9/segments',
};

/** The API as `npm run start:api` runs it, on a free port. */
export async function startApiProcess(databaseUrl: string): Promise<ApiProcess> {
  const environment = {
    PATH: process.env.PATH,
    ...ELSEWHERE,
    DATABASE_URL: databaseUrl,
    PORT: '0',
    LOG_LEVEL: 'info',
    RATE_LIMIT_PER_MINUTE: '1000000000',
  };
  const child = spawn(process.execPath, [join('apps', 'api', 'src', 'main.ts')], {
    cwd: ROOT,
    env: environment,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const { url } = JSON.parse(line) as { url?: string };
    if (url !== undefined) resolve(url);
  });
  child.once('exit', (code) => reject(new Error(`the API ended with code ${code}`)));
  return {
    url: await promise,
    pid: child.pid ?? 0,
    async stop() {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}
