import type { S3Client } from '@aws-sdk/client-s3';
import type { Pickup } from '@rowferry/backfill';
import { createBackfillHandler } from '@rowferry/backfill-lambda';
import type { Database, LeaderElection } from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';
import { BackfillRunner } from './backfill-runner.ts';
import { ScheduledPickup } from './scheduled-pickup.ts';

export type BackfillSourceSettings = {
  database: Database;
  s3: S3Client;
  bucket: string;
  maxUploadBytes: number;
  /** Undefined where Step Functions runs them. */
  backfills:
    | {
        leaderElection: LeaderElection;
        /** They are allowed below it only. */
        allowedPrefix: string | undefined;
        pickup: Pickup | undefined;
      }
    | undefined;
  logger: Logger;
};

/** What Step Functions and a schedule of EventBridge do on AWS. */
export function backfillSources(settings: BackfillSourceSettings): { stop(): Promise<void> }[] {
  if (settings.backfills === undefined) return [];
  const { allowedPrefix, leaderElection, pickup } = settings.backfills;
  const handler = createBackfillHandler({ ...settings, allowedPrefix });
  const runner = new BackfillRunner({ ...settings, handler, leaderElection });
  if (pickup === undefined) return [runner];
  return [new ScheduledPickup({ ...settings, allowedPrefix, pickup, leaderElection }), runner];
}
