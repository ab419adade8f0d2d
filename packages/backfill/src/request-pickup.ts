import type { StoredBackfill } from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';
import { BackfillRefusedError, type BackfillRequest, type BackfillStore, requestBackfill } from './request-backfill.ts';

/**
 * Enters a backfill that a schedule asks for, and logs what came of it.
 *
 * @returns undefined when there is nothing to load yet, as is usual for a folder that is looked into every night.
 * @throws BackfillRefusedError when it is refused for another reason.
 */
export async function requestPickup(
  store: BackfillStore & { logger: Logger },
  request: BackfillRequest,
): Promise<StoredBackfill | undefined> {
  const { logger } = store;
  const { prefix } = request;
  try {
    const { backfill, isNew } = await requestBackfill(store, request);
    logger.info({ backfillId: backfill.id, prefix, isNew }, 'scheduled pickup began');
    return backfill;
  } catch (error) {
    if (!(error instanceof BackfillRefusedError)) throw error;
    if (error.code === 'empty_prefix') {
      logger.info({ prefix }, 'scheduled pickup found nothing');
      return undefined;
    }
    logger.error({ prefix, code: error.code }, `scheduled pickup refused: ${error.message}`);
    throw error;
  }
}
