import type { S3Client } from '@aws-sdk/client-s3';
import { abortDirectUpload, type DirectUpload, isServiceUnavailable } from '@rowferry/aws';
import {
  type Database,
  deleteExpiredKeys,
  expireUpload,
  findExpiredUploads,
  markCompletedUploads,
} from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';

const MINUTE = 60 * 1000;
/** Uploads given up in one go. */
const EXPIRED_AT_ONCE = 100;

export type MaintenanceSettings = { database: Database; s3: S3Client; logger: Logger };

/** Each on its own: what fails of one, such as while S3 is away, does not hold up the others. */
const JOBS = [expireUploads, noteCompletedUploads, deleteExpiredAnswers];

/**
 * Gives up uploads whose file did not come in time, with the parts of it that S3 has, notes which are complete, and forgets
 * old answers. Several processes may do so at once: what one has done, another finds done.
 */
export async function runMaintenance(settings: MaintenanceSettings): Promise<void> {
  for (const job of JOBS) {
    await job(settings).catch((error: unknown) =>
      settings.logger.warn({ err: error }, 'upkeep failed; trying again in a minute'),
    );
  }
}

async function expireUploads({ database, s3, logger }: MaintenanceSettings): Promise<void> {
  for (const { id, bucket, key, multipartId } of await findExpiredUploads(database, EXPIRED_AT_ONCE)) {
    const log = logger.child({ uploadId: id });
    if (multipartId !== null) await removeParts(s3, { bucket, key, multipartId }, log);
    await expireUpload(database, id);
    log.info('an upload was given up: its file did not come in time');
  }
}

/**
 * Parts that S3 refuses to remove are left to the bucket's lifecycle rule: they must not keep this upload, and those after
 * it, from being given up. @throws what says that S3 is away: that passes.
 */
async function removeParts(s3: S3Client, upload: DirectUpload, logger: Logger): Promise<void> {
  try {
    await abortDirectUpload(s3, upload);
  } catch (error) {
    if (isServiceUnavailable(error)) throw error;
    logger.warn({ err: error }, 'S3 refuses to remove the parts of an upload that is given up');
  }
}

async function noteCompletedUploads({ database }: MaintenanceSettings): Promise<void> {
  await markCompletedUploads(database);
}

async function deleteExpiredAnswers({ database, logger }: MaintenanceSettings): Promise<void> {
  const forgotten = await deleteExpiredKeys(database);
  if (forgotten > 0) logger.debug({ forgotten }, 'old idempotency keys were forgotten');
}

/** Keeps up every minute, from now on. @returns how to stop it: a round that is under way ends first. */
export function startMaintenance(settings: MaintenanceSettings): () => Promise<void> {
  let running = runMaintenance(settings);
  const timer = setInterval(() => {
    running = running.then(() => runMaintenance(settings));
  }, MINUTE);
  return async () => {
    clearInterval(timer);
    await running;
  };
}
