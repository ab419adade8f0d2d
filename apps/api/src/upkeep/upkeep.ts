import type { S3Client } from '@aws-sdk/client-s3';
import { abortDirectUpload, type DirectUpload, isServiceAway } from '@rowferry/aws';
import { type Database, findExpiredUploads, forgetOldKeys, giveUpUpload, settleUploads } from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';

const MINUTE = 60 * 1000;
/** Uploads given up in one go. */
const GIVEN_UP_AT_ONCE = 100;

export type UpkeepSettings = { database: Database; s3: S3Client; logger: Logger };

/** Each on its own: what fails of one, such as while S3 is away, does not hold up the others. */
const JOBS = [giveUpExpiredUploads, noteSettledUploads, forgetAnswers];

/**
 * Gives up uploads whose file did not come in time, with the parts of it that S3 has, notes which are complete, and forgets
 * old answers. Several processes may do so at once: what one has done, another finds done.
 */
export async function keepUp(settings: UpkeepSettings): Promise<void> {
  for (const job of JOBS) {
    await job(settings).catch((error: unknown) =>
      settings.logger.warn({ err: error }, 'upkeep failed; trying again in a minute'),
    );
  }
}

async function giveUpExpiredUploads({ database, s3, logger }: UpkeepSettings): Promise<void> {
  for (const { id, bucket, key, multipartId } of await findExpiredUploads(database, GIVEN_UP_AT_ONCE)) {
    const log = logger.child({ uploadId: id });
    if (multipartId !== null) await removeParts(s3, { bucket, key, multipartId }, log);
    await giveUpUpload(database, id);
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
    if (isServiceAway(error)) throw error;
    logger.warn({ err: error }, 'S3 refuses to remove the parts of an upload that is given up');
  }
}

async function noteSettledUploads({ database }: UpkeepSettings): Promise<void> {
  await settleUploads(database);
}

async function forgetAnswers({ database, logger }: UpkeepSettings): Promise<void> {
  const forgotten = await forgetOldKeys(database);
  if (forgotten > 0) logger.debug({ forgotten }, 'old idempotency keys were forgotten');
}

/** Keeps up every minute, from now on. @returns how to stop it: a round that is under way ends first. */
export function startUpkeep(settings: UpkeepSettings): () => Promise<void> {
  let running = keepUp(settings);
  const timer = setInterval(() => {
    running = running.then(() => keepUp(settings));
  }, MINUTE);
  return async () => {
    clearInterval(timer);
    await running;
  };
}
