import { CONCURRENCY_MAX, requestPickup } from '@rowferry/backfill';
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
  return requestPickup(settings, request);
}
