import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';

const RUNTIME = new URL('../src/index.ts', import.meta.url).href;

export type Exit = { code: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string };

/** Runs TypeScript in a Node process of its own; `runtime` is what this package exports. Killed at the end of the test. */
export function runScript(code: string, env: NodeJS.ProcessEnv = {}) {
  const script = `import * as runtime from ${JSON.stringify(RUNTIME)};\n${code}`;
  const child = spawn(process.execPath, ['--input-type=module-typescript', '--eval', script], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  const exited = new Promise<Exit>((resolve) => {
    child.once('close', (exitCode, signal) => resolve({ code: exitCode, signal, stdout, stderr }));
  });
  return { child, stdout: () => stdout, exited };
}
