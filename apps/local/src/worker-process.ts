import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { backoffMs, ENVIRONMENT_FOLLOWS, environmentChanges, type LineWriter, type Logger } from '@rowferry/runtime';

/** It gives the worker its Node and the flags of V8 and malloc. */
const ROWFERRY = fileURLToPath(new URL('../../cli/bin/rowferry', import.meta.url));
/** Until it is started again, longer after each time that it ended soon. */
const RESTART_PAUSE = { baseMs: 1000, capMs: 60_000 };
/** A worker that ran for so long had started well. */
const RAN_WELL_MS = 60_000;

/**
 * The worker in a process of its own, so that parsing and writing never make the API wait; started again when it dies.
 *
 * The process begins at once and reads its code, and waits for `run`: that takes as long as what it works with takes to
 * start.
 */
export class WorkerProcess {
  /** That of this process when the first worker began. */
  readonly #firstEnvironment = { ...process.env };
  #isRunning = false;
  readonly #logger: Logger;
  readonly #log: LineWriter | undefined;
  #child: ChildProcess;
  #stopping = false;
  #startedAt = 0;
  #failures = 0;

  /** @param log takes the worker's log, a line of JSON at a time; without it, the log goes to standard output. */
  constructor(logger: Logger, log?: LineWriter) {
    this.#logger = logger;
    this.#log = log;
    this.#child = this.#start();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Lets it begin its work: what it works with is there, and the environment of this process says where. */
  run(): void {
    this.#isRunning = true;
    // One that has ended meanwhile is started again with all of it.
    if (this.#child.connected) this.#child.send(environmentChanges(this.#firstEnvironment, process.env), () => {});
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
    this.#startedAt = performance.now();
    // Detached: a process group of its own, so that Ctrl-C reaches it only through `stop`, in the right order.
    // With an IPC channel, by which it gets its environment and notices when this process is gone.
    const child = spawn(ROWFERRY, ['worker'], {
      env: this.#isRunning ? process.env : { ...this.#firstEnvironment, ...ENVIRONMENT_FOLLOWS },
      detached: true,
      stdio: ['ignore', this.#log === undefined ? 'inherit' : 'pipe', 'inherit', 'ipc'],
    });
    if (child.stdout !== null) createInterface(child.stdout).on('line', (line) => this.#log?.write(line));
    child.once('exit', (code, signal) => void this.#onExit(code, signal));
    return child;
  }

  async #onExit(code: number | null, signal: NodeJS.Signals | null): Promise<void> {
    if (this.#stopping) return;
    this.#logger.error({ code, signal }, 'worker ended unexpectedly; starting it again');
    this.#failures = performance.now() - this.#startedAt > RAN_WELL_MS ? 1 : this.#failures + 1;
    await delay(backoffMs(this.#failures, RESTART_PAUSE));
    if (!this.#stopping) this.#child = this.#start();
  }
}
