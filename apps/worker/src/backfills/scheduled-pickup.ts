import type { S3Client } from '@aws-sdk/client-s3';
import { BackfillRefusedError, type Pickup, requestPickup, startSchedule } from '@rowferry/backfill';
import type { Database, LeaderElection } from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';

type ScheduledPickupSettings = {
  database: Database;
  s3: S3Client;
  bucket: string;
  allowedPrefix: string | undefined;
  pickup: Pickup;
  /** That of the backfill runner: of several workers, one asks. */
  leaderElection: LeaderElection;
  logger: Logger;
};

/** Asks for a backfill of one prefix at each moment of a schedule. A moment at which no worker runs is left out. */
export class ScheduledPickup {
  readonly #settings: ScheduledPickupSettings;
  readonly #stopSchedule: () => void;
  #asking: Promise<void> = Promise.resolve();

  constructor(settings: ScheduledPickupSettings) {
    this.#settings = settings;
    this.#stopSchedule = startSchedule(settings.pickup, () => {
      this.#asking = this.ask();
      return this.#asking;
    });
  }

  async stop(): Promise<void> {
    this.#stopSchedule();
    await this.#asking;
  }

  /** What is done at each moment. */
  async ask(): Promise<void> {
    const { leaderElection, logger, pickup } = this.#settings;
    const { prefix, profile } = pickup;
    try {
      if (!(await leaderElection.tryAcquire())) return;
      await requestPickup(this.#settings, { prefix, profile });
    } catch (error) {
      // A refusal is logged already.
      if (!(error instanceof BackfillRefusedError)) logger.error({ prefix, err: error }, 'scheduled pickup failed');
    }
  }
}
