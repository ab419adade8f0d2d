import { setTimeout as delay } from 'node:timers/promises';
import { type Database, findOpenBackfills, findStoredBackfill, type LeaderElection } from '@rowferry/database';
import { backoffMs, errorForLog, type Logger } from '@rowferry/runtime';
import { PendingNotifications } from '../pending-notifications.ts';
import { runExecution, type TaskHandler } from './run-execution.ts';

const SECOND = 1000;
/** Between two looks for backfills. One that is opened is announced. */
const LOOK_EVERY_MS = 10 * SECOND;
/** Before an execution that failed is followed by another. */
const RETRY_BACKOFF = { baseMs: SECOND, capMs: 60 * SECOND };
/** Backfills of different prefixes that run at the same time; others wait. */
const CONCURRENCY = 2;
/** Here, asking costs no transition of a state machine. */
const POLL_MS = 500;

export type BackfillRunnerSettings = {
  database: Database;
  bucket: string;
  handler: TaskHandler;
  /** Of several workers, one runs the backfills: the leader. It may listen to `OPENED_BACKFILLS`. */
  leaderElection: LeaderElection;
  logger: Logger;
  /** As of `runExecution`. */
  pauses?: { wait?: number; retry?: number };
};

/**
 * Runs the state machine of backfills where there is no Step Functions. What was done is in the database and every task may be
 * done again. So after a crash another worker, or this one, runs the state machine from its beginning, and it goes on.
 */
export class BackfillRunner {
  readonly #settings: BackfillRunnerSettings;
  readonly #stopping = new AbortController();
  readonly #opened = new PendingNotifications();
  readonly #executions = new Map<string, Promise<void>>();
  /** Aborted when this process leads no more. */
  #leading = new AbortController();
  readonly #running: Promise<void>;

  constructor(settings: BackfillRunnerSettings) {
    this.#settings = settings;
    settings.leaderElection.onNotification = (backfillId) => this.#opened.add(backfillId);
    this.#running = this.#watch();
  }

  /** Lets the tasks that are being done end, and begins no others. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#running;
    await Promise.all(this.#executions.values());
    await this.#settings.leaderElection.release();
  }

  async #watch(): Promise<void> {
    const { signal } = this.#stopping;
    let loggedReason: string | undefined;
    while (!signal.aborted) {
      try {
        await this.#look();
        loggedReason = undefined;
      } catch (error) {
        // Once for each reason, not for each look meanwhile.
        const reason = errorForLog(error).message;
        if (reason !== loggedReason && !signal.aborted)
          this.#settings.logger.warn({ reason }, 'looking for backfills failed; retrying');
        loggedReason = reason;
      }
      await this.#opened.wait(LOOK_EVERY_MS, signal);
    }
  }

  async #look(): Promise<void> {
    const { leaderElection, database, bucket } = this.#settings;
    this.#opened.take();
    if (!(await leaderElection.tryAcquire())) {
      this.#leading.abort();
      return;
    }
    if (this.#leading.signal.aborted) this.#leading = new AbortController();
    for (const { id } of await findOpenBackfills(database, bucket)) {
      if (this.#executions.has(id) || this.#executions.size >= CONCURRENCY || this.#stopping.signal.aborted) continue;
      const execution = this.#run(id).finally(() => {
        this.#executions.delete(id);
        // Another may be waiting for its place.
        this.#opened.add(id);
      });
      this.#executions.set(id, execution);
    }
  }

  /** One execution after the other, until the backfill has ended. */
  async #run(backfillId: string): Promise<void> {
    const { database, handler, logger, pauses } = this.#settings;
    const signal = AbortSignal.any([this.#stopping.signal, this.#leading.signal]);
    for (let failures = 0; !signal.aborted; ) {
      try {
        const backfill = await findStoredBackfill(database, backfillId);
        if (backfill === undefined || backfill.finished_at !== null) return;
        await runExecution({ handler, input: { backfillId }, signal, pauses: { wait: POLL_MS, ...pauses } });
        failures = 0;
      } catch (error) {
        logger.warn({ backfillId, err: error }, 'execution of a backfill failed; starting another');
        await delay(backoffMs(++failures, RETRY_BACKOFF), undefined, { signal }).catch(() => {});
      }
    }
  }
}
