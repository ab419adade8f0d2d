import { BackfillRefusedError, CONCURRENCY_MAX, requestBackfill } from '@rowferry/backfill';
import { findStoredBackfill, type StoredBackfill } from '@rowferry/database';
import type { BackfillHandlerSettings } from './settings.ts';
import type { ExecutionRequest } from './task.ts';

/** Finds the backfill of an execution, or enters the one that a schedule asks for. */
export async function openExecution(settings: BackfillHandlerSettings, request: ExecutionRequest) {
  const round = 'round' in request ? request.round : 0;
  const backfill = await findOrRequest(settings, request);
  const isFinished = backfill === undefined || backfill.finished_at !== null;
  return {
    backfillId: backfill?.id ?? null,
    concurrency: Math.min(backfill?.concurrency ?? 0, settings.concurrencyMax ?? CONCURRENCY_MAX),
    isFinished,
    batch: { files: [], handled: 0 },
    /** Of the execution that follows, the same however often this one is asked: so only one follows. */
    nextName: `${backfill?.id ?? 'none'}-${round + 1}`,
    nextRound: round + 1,
  };
}

async function findOrRequest(
  settings: BackfillHandlerSettings,
  request: ExecutionRequest,
): Promise<StoredBackfill | undefined> {
  if ('backfillId' in request) return findStoredBackfill(settings.database, request.backfillId);
  try {
    const { backfill, isNew } = await requestBackfill(settings, request);
    settings.logger.info({ backfillId: backfill.id, prefix: backfill.prefix, isNew }, 'scheduled pickup began');
    return backfill;
  } catch (error) {
    if (!(error instanceof BackfillRefusedError)) throw error;
    // Nothing is there yet: as usual for a folder that is looked into every night.
    if (error.code === 'empty_prefix') {
      settings.logger.info({ prefix: request.prefix }, 'scheduled pickup found nothing');
      return undefined;
    }
    settings.logger.error({ prefix: request.prefix, code: error.code }, `scheduled pickup refused: ${error.message}`);
    throw error;
  }
}
