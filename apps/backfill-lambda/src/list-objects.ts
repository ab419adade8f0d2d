import { listObjectPage } from '@rowferry/aws';
import { addBackfillFiles, findStoredBackfill } from '@rowferry/database';
import type { BackfillHandlerSettings } from './settings.ts';

/** Pages of 1,000 keys that one task enters: some seconds. */
const PAGES_PER_TASK = 10;

/** Enters the objects below the prefix of a backfill, from where the last task came to. */
export async function listObjects(
  { database, s3, bucket }: BackfillHandlerSettings,
  backfillId: string,
): Promise<{ isComplete: boolean }> {
  for (let pages = 0; pages < PAGES_PER_TASK; pages++) {
    const backfill = await findStoredBackfill(database, backfillId);
    if (backfill === undefined || backfill.listed_at !== null || backfill.finished_at !== null)
      return { isComplete: true };
    const { prefix, listed_after: after } = backfill;
    const page = await listObjectPage(s3, { bucket, prefix, startAfter: after ?? undefined });
    const keys = page.objects.filter(({ key }) => isStorable(key));
    const isLast = page.nextToken === undefined;
    if (keys.length === 0 && !isLast) throw new Error('the bucket has a thousand keys that cannot be stored');
    // Consoles make an empty object for a folder.
    const objects = keys.filter(({ key }) => !key.endsWith('/'));
    await addBackfillFiles(database, { backfillId, after, last: keys.at(-1)?.key ?? after, objects, isLast });
  }
  return { isComplete: false };
}

/** Postgres holds no U+0000. Such an object is left alone. */
function isStorable(key: string): boolean {
  return key.isWellFormed() && !key.includes('\0');
}
