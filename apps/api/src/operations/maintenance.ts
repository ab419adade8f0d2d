import { setTimeout as delay } from 'node:timers/promises';
import type { S3Client } from '@aws-sdk/client-s3';
import { abortDirectUpload, type DirectUpload, isServiceUnavailable } from '@rowferry/aws';
import {
  ageOfOldestOpenUpload,
  type Database,
  deleteExpiredEvents,
  deleteExpiredKeys,
  deleteExpiredNotifications,
  deleteOldDeliveries,
  expireUpload,
  findExpiredUploads,
  INTERRUPTED,
  recordRowTotals,
  recordStalledUploads,
  tidySearchIndex,
} from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';

const MINUTE = 60 * 1000;
/** Uploads that expire in one query. */
const EXPIRED_AT_ONCE = 100;

export type MaintenanceSettings = { database: Database; s3: S3Client; logger: Logger };

type Job = (settings: MaintenanceSettings) => Promise<void>;

/** Each on its own: what fails of one, such as while S3 is unavailable, does not hold up the others. */
const JOBS: readonly Job[] = [
  expireUploads,
  warnOfStalledUploads,
  warnOfSlowUploads,
  deleteExpired,
  deleteOldWebhookDeliveries,
  noteRowTotals,
];

/**
 * Expires uploads whose file did not arrive in time and removes their parts from S3, records which uploads have stalled, and
 * deletes what has expired. Several processes may do so at once: what one has done, another finds done.
 */
export async function runMaintenance(settings: MaintenanceSettings): Promise<void> {
  for (const job of JOBS) await attempt(job, settings);
}

async function attempt(job: Job, settings: MaintenanceSettings): Promise<void> {
  await job(settings).catch((error: unknown) =>
    settings.logger.warn({ err: error }, 'maintenance failed; trying again in a minute'),
  );
}

async function expireUploads({ database, s3, logger }: MaintenanceSettings): Promise<void> {
  for (const { id, bucket, key, multipartId } of await findExpiredUploads(database, EXPIRED_AT_ONCE)) {
    const log = logger.child({ uploadId: id });
    if (multipartId !== null) await removeParts(s3, { bucket, key, multipartId }, log);
    if (await expireUpload(database, id)) log.warn({ status: 'failed', code: INTERRUPTED.code }, 'upload failed');
  }
}

/**
 * Parts that S3 refuses to remove are left to the bucket's lifecycle rule: they must not keep this upload, and those after
 * it, from expiring. @throws the error of an S3 that is unavailable: that passes.
 */
async function removeParts(s3: S3Client, upload: DirectUpload, logger: Logger): Promise<void> {
  try {
    await abortDirectUpload(s3, upload);
  } catch (error) {
    if (isServiceUnavailable(error)) throw error;
    logger.warn({ err: error }, 'parts of an expired upload could not be removed from S3');
  }
}

async function warnOfStalledUploads({ database, logger }: MaintenanceSettings): Promise<void> {
  const stalled = await recordStalledUploads(database);
  if (stalled > 0) logger.warn({ uploads: stalled }, 'uploads have stalled');
}

async function deleteExpired({ database, logger }: MaintenanceSettings): Promise<void> {
  const keys = await deleteExpiredKeys(database);
  const events = await deleteExpiredEvents(database);
  const notifications = await deleteExpiredNotifications(database);
  if (keys + events + notifications > 0)
    logger.debug({ keys, events, notifications }, 'expired idempotency keys, events and notifications deleted');
}

/** For so long deliveries can be looked at and replayed. */
const DELIVERIES_KEPT_MS = 30 * 24 * 60 * MINUTE;

async function deleteOldWebhookDeliveries({ database, logger }: MaintenanceSettings): Promise<void> {
  const deleted = await deleteOldDeliveries(database, new Date(Date.now() - DELIVERIES_KEPT_MS));
  if (deleted > 0) logger.debug({ deleted }, 'old deliveries of webhooks deleted');
}

/** For the chart of the last hour. */
async function noteRowTotals({ database }: MaintenanceSettings): Promise<void> {
  await recordRowTotals(database);
}

async function tidyIndex({ database, logger }: MaintenanceSettings): Promise<void> {
  const ranges = await tidySearchIndex(database);
  if (ranges > 0) logger.debug({ ranges }, 'search index tidied');
}

/** What waits for so long waits for something that is broken, or for an hour's work before it. */
const SLOW_SECONDS = 15 * 60;

async function warnOfSlowUploads({ database, logger }: MaintenanceSettings): Promise<void> {
  const seconds = await ageOfOldestOpenUpload(database);
  if (seconds > SLOW_SECONDS)
    logger.warn({ seconds, metrics: { OldestOpenUploadSeconds: seconds } }, 'an upload has been under way for long');
}

/**
 * Runs maintenance now and every minute, and tidies the search index beside it: that can take minutes, which nothing else
 * is to wait for.
 *
 * @returns how to stop it: what is under way ends first.
 */
export function startMaintenance(settings: MaintenanceSettings, { everyMs = MINUTE } = {}): () => Promise<void> {
  const works = [() => runMaintenance(settings), () => attempt(tidyIndex, settings)];
  const stops = works.map((work) => repeat(work, everyMs));
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}

/** Does it now and as often as said, but never twice at a time. @returns how to stop that. */
function repeat(work: () => Promise<void>, everyMs: number): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const stopped = (async () => {
    while (!signal.aborted) {
      const next = performance.now() + everyMs;
      await work();
      await delay(Math.max(0, next - performance.now()), undefined, { signal }).catch(() => {});
    }
  })();
  return async () => {
    stopping.abort();
    await stopped;
  };
}
