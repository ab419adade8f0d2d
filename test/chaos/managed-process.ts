import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const ROWFERRY = fileURLToPath(new URL('../../node_modules/.bin/rowferry', import.meta.url));

const logEntrySchema = z.looseObject({ level: z.number(), msg: z.string() });
export type LogEntry = z.infer<typeof logEntrySchema>;

export type ProcessSettings = {
  name: string;
  command: 'api' | 'worker';
  env: NodeJS.ProcessEnv;
  onLog: (entry: LogEntry) => void;
};

/** One of Rowferry's processes, which can be killed and started again, and which must not end by itself. */
export class ManagedProcess {
  /** What it wrote to standard error, of all its lives, and ends that nobody ordered. Nothing of it is expected. */
  readonly complaints: string[] = [];
  readonly #settings: ProcessSettings;
  #child: ChildProcess;
  #ordered = false;

  constructor(settings: ProcessSettings) {
    this.#settings = settings;
    this.#child = this.#start();
  }

  get pid(): number {
    return this.#child.pid ?? -1;
  }

  /** kill -9, and a new life. */
  async killAndRestart(): Promise<void> {
    await this.#end('SIGKILL');
    this.#child = this.#start();
  }

  /** @returns the exit code, null when it had to be killed. */
  async stop(timeoutMs: number): Promise<number | null> {
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), timeoutMs);
    await this.#end('SIGTERM');
    clearTimeout(timer);
    return this.#child.exitCode;
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#ordered = true;
    const exited = once(this.#child, 'exit');
    this.#child.kill(signal);
    await exited;
  }

  #start(): ChildProcess {
    const { name, command, env, onLog } = this.#settings;
    this.#ordered = false;
    const child = spawn(ROWFERRY, [command], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.once('exit', (code, signal) => {
      if (this.#ordered) return;
      this.complaints.push(`${name} ended by itself: ${signal ?? `exit code ${code}`}`);
      this.#child = this.#start();
    });
    createInterface({ input: child.stderr }).on('line', (line) => this.complaints.push(`${name}: ${line}`));
    createInterface({ input: child.stdout }).on('line', (line) => {
      const entry = readEntry(line);
      if (entry !== undefined) onLog(entry);
      // A killed process leaves half a line behind.
      else if (!this.#ordered) this.complaints.push(`${name} printed: ${line}`);
    });
    const killAtExit = () => void child.kill('SIGKILL');
    process.once('exit', killAtExit);
    child.once('exit', () => process.off('exit', killAtExit));
    return child;
  }
}

function readEntry(line: string): LogEntry | undefined {
  try {
    return logEntrySchema.parse(JSON.parse(line));
  } catch {
    return undefined;
  }
}
