import { endBackfillFile, findBackfillFile, findUpload } from '@rowferry/database';
import { askAgain, ENDED, type Progress } from './progress.ts';
import type { BackfillHandlerSettings } from './settings.ts';

/** Whether every row of a file has an outcome; if so, notes what became of it. */
export async function checkFile(
  { database }: BackfillHandlerSettings,
  { backfillId, fileId, polls }: { backfillId: string; fileId: number; polls: number },
): Promise<Progress> {
  const file = await findBackfillFile(database, backfillId, fileId);
  if (file?.state !== 'running' || file.uploadId === null) return ENDED;
  const upload = await findUpload(database, file.uploadId);
  switch (upload?.status) {
    case 'completed':
    case 'completed_with_errors':
      await endBackfillFile(database, fileId, 'done');
      return ENDED;
    case 'failed': {
      const { code, detail } = upload.failure ?? { code: 'unknown', detail: 'The upload has failed.' };
      await endBackfillFile(database, fileId, 'failed', { code, detail });
      return ENDED;
    }
    case 'stalled': {
      const detail = 'Nothing has moved for an hour. Redrive the upload; this backfill does not wait for it.';
      await endBackfillFile(database, fileId, 'failed', { code: 'stalled', detail });
      return ENDED;
    }
    case 'receiving':
    case 'received':
    case 'processing':
      return askAgain(polls + 1);
    case undefined:
      await endBackfillFile(database, fileId, 'failed', { code: 'not_started', detail: 'The upload is gone.' });
      return ENDED;
  }
}
