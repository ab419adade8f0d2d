import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';

export type ServerProcess = { url: string; pid: number; stop(): Promise<void> };

/** Starts a server and waits for a line of JSON that names a `url`. */
export async function startServerProcess(
  command: string,
  args: readonly string[],
  environment: Record<string, string>,
): Promise<ServerProcess> {
  const child = spawn(command, args, {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return {
    url: await firstUrl(child, [command, ...args].join(' ')),
    pid: child.pid ?? 0,
    async stop() {
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}

async function firstUrl(child: ChildProcessByStdio<null, Readable, null>, started: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  child.once('exit', (code) => reject(new Error(`${started} ended with code ${code}`)));
  const lines = createInterface({ input: child.stdout }).on('line', (line) => {
    const { url } = JSON.parse(line) as { url?: string };
    if (url !== undefined) resolve(url);
  });
  const url = await promise;
  // Reading the log of requests is not to take time from what is measured.
  lines.close();
  child.stdout.resume();
  return url;
}
