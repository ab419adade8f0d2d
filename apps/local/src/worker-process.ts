import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Logger } from '@rowferry/runtime';

const WORKER = fileURLToPath(new URL('../../worker/src/main.ts', import.meta.url));
const RESTART_PAUSE_MS = 1000;
/**
 * Of V8, for a process that handles much and keeps little: without these it grew to 400 MiB, of which it used 25. They
 * cost it some 10 % more CPU time (docs/performance.md); package.json gives `start:worker` the same.
 */
const FRUGAL = ['--max-semi-space-size=4', '--heap-growing-percent=120'];
/**
 * Of glibc, which otherwise keeps what was freed for later: buffers of requests and segments, of which each is new. Two
 * arenas, and what is larger than 128 KiB goes back at once (mallopt(3)): 18 MiB less and no slower. Others ignore it.
 */
const FRUGAL_MALLOC = { MALLOC_ARENA_MAX: '2', MALLOC_MMAP_THRESHOLD_: String(128 * 1024) };

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
    const child = fork(WORKER, {
      env: { ...FRUGAL_MALLOC, ...this.#env },
      execArgv: FRUGAL,
      detached: true,
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    child.once('exit', (code, signal) => void this.#onExit(code, signal));
    return child;
  }

  async #onExit(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    if (this.#stopping) return;
    this.#logger.error({ code, signal }, 'the worker died; starting it again');
    await delay(RESTART_PAUSE_MS);
    if (!this.#stopping) this.#child = this.#start();
  }
}
