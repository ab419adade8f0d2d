import { nextBackfillFiles } from '@rowferry/database';
import type { BackfillHandlerSettings } from './settings.ts';

/**
 * Files that one execution handles. An execution may have 25,000 events and 256 KiB of state
 * (https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html). A file makes 65 events at most, and three more
 * with each retry of a task: this leaves more than half of them for retries, and the ids of a batch are below 2 KB.
 */
export const FILES_PER_EXECUTION = 100;

type Taken = {
  files: number[];
  /** By this execution, these included. */
  handled: number;
  next: 'load' | 'summarise' | 'continue';
};

/** The files to be handled next, as far as this execution goes. */
export async function takeFiles(
  { database }: BackfillHandlerSettings,
  { backfillId, handled }: { backfillId: string; handled: number },
): Promise<Taken> {
  const room = FILES_PER_EXECUTION - handled;
  const files = await nextBackfillFiles(database, backfillId, Math.max(1, room));
  if (files.length === 0) return { files, handled, next: 'summarise' };
  if (room <= 0) return { files: [], handled, next: 'continue' };
  return { files, handled: handled + files.length, next: 'load' };
}
