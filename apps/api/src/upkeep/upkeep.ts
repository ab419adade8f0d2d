import type { S3Client } from '@aws-sdk/client-s3';
import { abortDirectUpload } from '@rowferry/aws';
import { type Database, findExpiredUploads, forgetOldKeys, giveUpUpload, settleUploads } from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';

const MINUTE = 60 * 1000;
/** Uploads given up in one go. */
const GIVEN_UP_AT_ONCE = 100;

export type UpkeepSettings = { database: Database; s3: S3Client; logger: Logger };

/**
 * Gives up uploads whose file did not come in time, with the parts of it that S3 has, notes which are complete, and forgets
 * old answers. Several processes may do so at once: what one has done, another finds done.
 */
export async function keepUp({ database, s3, logger }: UpkeepSettings): Promise<void> {
  for (const { id, bucket, key, multipartId } of await findExpiredUploads(database, GIVEN_UP_AT_ONCE)) {
    if (multipartId !== null) await abortDirectUpload(s3, { bucket, key, multipartId });
    await giveUpUpload(database, id);
    logger.info({ uploadId: id }, 'an upload was given up: its file did not come in time');
  }
  await settleUploads(database);
  const forgotten = await forgetOldKeys(database);
  if (forgotten > 0) logger.debug({ forgotten }, 'old idempotency keys were forgotten');
}

/** Keeps up every minute, from now on. @returns how to stop it: a round that is under way ends first. */
export function startUpkeep(settings: UpkeepSettings): () => Promise<void> {
  const round = () =>
    keepUp(settings).catch((error: unknown) =>
      settings.logger.warn({ err: error }, 'upkeep failed; trying again in a minute'),
    );
  let running = round();
  const timer = setInterval(() => {
    running = running.then(round);
  }, MINUTE);
  return async () => {
    clearInterval(timer);
    await running;
  };
}
