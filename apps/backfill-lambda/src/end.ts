import {
  type BackfillRecord,
  endBackfillFile,
  failBackfill,
  finishBackfill,
  recordEvent,
  summariseBackfill,
} from '@rowferry/database';
import type { BackfillHandlerSettings } from './settings.ts';

type Caught = { Error: string };

/** Notes that the tasks of a file failed, all attempts of one of them. The next backfill of the prefix tries it again. */
export async function failFile(
  { database, logger }: BackfillHandlerSettings,
  { backfillId, fileId, error }: { backfillId: string; fileId: number; error: Caught },
): Promise<object> {
  logger.error({ backfillId, fileId, error: error.Error }, 'file of a backfill could not be handled');
  // Only the name: what an error says may quote the file.
  const detail = `It could not be handled (${error.Error.slice(0, 100)}); the log says why. Start a backfill of the prefix again.`;
  await endBackfillFile(database, fileId, 'failed', { code: 'not_started', detail });
  return {};
}

export async function summarise({ database }: BackfillHandlerSettings, backfillId: string): Promise<object> {
  return summariseBackfill(database, backfillId);
}

/** Ends a backfill whose files have ended, and records the event of it in the same transaction. */
export async function publish({ database, logger }: BackfillHandlerSettings, backfillId: string): Promise<object> {
  await finishBackfill(database, backfillId, async (transaction, backfill) => {
    logEnd(logger, backfill);
    const { done, failed, skipped } = backfill.files;
    await recordEvent(transaction, {
      type: failed > 0 ? 'backfill.completed_with_errors' : 'backfill.completed',
      subject: backfillId,
      occurrence: 'end',
      data: { backfillId, files: done + failed + skipped, failedFiles: failed, link: `/v1/backfills/${backfillId}` },
    });
  });
  return {};
}

/** Ends a backfill whose own tasks failed in all attempts. */
export async function endAsFailed(
  { database, logger }: BackfillHandlerSettings,
  { backfillId, error }: { backfillId: string; error: Caught },
): Promise<object> {
  const detail = `A task failed in all attempts (${error.Error.slice(0, 100)}); the log says why. Start it again.`;
  const failed = await failBackfill(database, backfillId, { code: 'task_failed', detail });
  if (failed !== undefined) logEnd(logger, failed);
  return {};
}

function logEnd(
  logger: BackfillHandlerSettings['logger'],
  { id, status, files, rows, unchanged }: BackfillRecord,
): void {
  logger.info({ backfillId: id, status, files, rows, unchanged }, 'backfill ended');
}
