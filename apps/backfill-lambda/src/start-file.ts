import { CopyRefusedError, copyFile, ObjectGoneError } from '@rowferry/aws';
import {
  type BackfillFile,
  type BackfillReason,
  discardCopiedUpload,
  endBackfillFile,
  findBackfillFile,
  findUploadFile,
  openCopiedUpload,
  receiveUpload,
  startBackfillFile,
} from '@rowferry/database';
import { copiedUploadId, fileNameOfKey, keyOfUpload, presentableFileName } from '@rowferry/messages';
import { askAgain, ENDED, type Progress } from './progress.ts';
import type { BackfillHandlerSettings } from './settings.ts';

/**
 * Makes a file an upload: copies its object to where uploads are. S3 tells the producer of the copy as of any upload. The id
 * follows from object and settings, so doing it again, or in another backfill, makes no other upload.
 */
export async function startFile(
  settings: BackfillHandlerSettings,
  { backfillId, fileId }: { backfillId: string; fileId: number },
): Promise<Progress> {
  const { database } = settings;
  const file = await findBackfillFile(database, backfillId, fileId);
  if (file === undefined) throw new Error(`the backfill ${backfillId} has no file ${fileId}`);
  if (file.state !== 'waiting' && file.state !== 'running') return ENDED;
  const nothingToLoad = findObstacle(settings, file);
  if (nothingToLoad !== undefined) {
    await endBackfillFile(database, fileId, 'skipped', nothingToLoad);
    return ENDED;
  }
  const { bucket, key, etag, lastModified, settingsId } = file;
  const uploadId = copiedUploadId({ bucket, key, version: etag, time: lastModified }, settingsId);
  // As many as may be are under way, and take long: this one is left to a later batch.
  if (file.state === 'waiting' && !(await startBackfillFile(database, fileId, uploadId))) return ENDED;
  return (await copyAsUpload(settings, file, uploadId)) ? askAgain(0) : ENDED;
}

function findObstacle({ maxUploadBytes }: BackfillHandlerSettings, { sizeBytes }: BackfillFile) {
  if (sizeBytes === 0) return { code: 'empty_file', detail: 'The object is empty.' };
  if (sizeBytes > maxUploadBytes)
    return {
      code: 'file_too_large',
      detail: `The object has ${sizeBytes} bytes; this server takes ${maxUploadBytes} bytes at most.`,
    };
  return undefined;
}

/** @returns whether there is an upload: none of an object that is gone, or that S3 does not let be copied. */
async function copyAsUpload(
  { database, s3, logger }: BackfillHandlerSettings,
  file: BackfillFile,
  id: string,
): Promise<boolean> {
  const { bucket, key, etag, sizeBytes, lastModified, settingsId } = file;
  const fileName = presentableFileName(fileNameOfKey(key));
  const target = { bucket, key: keyOfUpload(id, fileNameOfKey(key)) };
  await openCopiedUpload(database, { id, ...target, fileName, sizeBytes, receivedAt: lastModified });
  // Copied before, by an attempt that came no further, or by a backfill that failed.
  if ((await findUploadFile(database, id))?.etag) return true;
  try {
    const metadata = { uploadId: id, settingsId: settingsId ?? undefined };
    const copied = await copyFile(s3, { source: { bucket, key, etag, sizeBytes }, target: { ...target, metadata } });
    await receiveUpload(database, id, { sizeBytes, sha256: null, etag: copied });
    logger.info({ uploadId: id, fileId: file.id }, 'file copied to the uploads');
    return true;
  } catch (error) {
    const [state, reason] = reasonOf(error);
    await discardCopiedUpload(database, id);
    await endBackfillFile(database, file.id, state, reason);
    return false;
  }
}

/** @throws the error itself when it is no fault of the object. */
function reasonOf(error: unknown): ['skipped' | 'failed', BackfillReason] {
  if (error instanceof ObjectGoneError)
    return ['skipped', { code: 'object_gone', detail: 'The object was removed or replaced after it was listed.' }];
  if (error instanceof CopyRefusedError)
    return ['failed', { code: 'copy_refused', detail: `S3 does not let it be copied: ${error.message}` }];
  throw error;
}
