import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Logger } from '@rowferry/runtime';

/** It gives the worker its Node and the flags of V8 and malloc. */
const ROWFERRY = fileURLToPath(new URL('../../cli/bin/rowferry', import.meta.url));
const RESTART_PAUSE_MS = 1000;

/**
 * The worker in a process of its own, so that parsing and writing never make the API wait; started again when it dies.
 */
export class WorkerProcess {
  readonly #env: NodeJS.ProcessEnv;
  readonly #logger: Logger;
  #child: ChildProcess;
  #stopping = false;

  constructor(env: NodeJS.ProcessEnv, logger: Logger) {
    this.#env = env;
    this.#logger = logger;
    this.#child = this.#start();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Lets it finish what is in flight. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGTERM');
    await exited;
  }

  #start(): ChildProcess {
    // Detached: a process group of its own, so that Ctrl-C reaches it only through `stop`, in the right order.
    // With an IPC channel, by which it notices when this process is gone.
    const child = spawn(ROWFERRY, ['worker'], {
      env: this.#env,
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child.once('exit', (code, signal) => void this.#onExit(code, signal));
    return child;
  }

  async #onExit(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    if (this.#stopping) return;
    this.#logger.error({ code, signal }, 'worker ended unexpectedly; starting it again');
    await delay(RESTART_PAUSE_MS);
    if (!this.#stopping) this.#child = this.#start();
  }
}
