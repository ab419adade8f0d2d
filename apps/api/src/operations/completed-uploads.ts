import { setTimeout as delay } from 'node:timers/promises';
import { type Database, markCompletedUploads, type UploadRecord } from '@rowferry/database';
import { OUTCOMES } from '@rowferry/roster';
import { errorForLog, type Logger, metricOfOutcome } from '@rowferry/runtime';

const SECOND = 1000;
const PAUSE = SECOND;
/** Marking takes at most this share of the time, however many uploads are under way. */
const SHARE = 0.05;

type Settings = { database: Database; logger: Logger };

/**
 * Marks the uploads whose last row has its outcome, and logs one line for each. Of several processes, whichever marks an
 * upload logs it. Failed uploads are logged where they fail.
 */
export async function logCompletedUploads({ database, logger }: Settings): Promise<void> {
  for await (const uploads of markCompletedUploads(database)) {
    for (const upload of uploads) logger.info(summaryOf(upload), MESSAGES[upload.status] ?? 'upload completed');
  }
}

const MESSAGES: Partial<Record<UploadRecord['status'], string>> = {
  completed_with_errors: 'upload completed with errors',
};

/** Without the name of the file, which can be that of a person. */
function summaryOf(upload: UploadRecord) {
  const { id, status, total_rows, received_at, created_at, finished_at } = upload;
  const seconds = finished_at === null ? 0 : (finished_at.getTime() - (received_at ?? created_at).getTime()) / SECOND;
  return {
    uploadId: id,
    status,
    rows: total_rows,
    ...Object.fromEntries(OUTCOMES.map((outcome) => [outcome, upload[outcome]])),
    metrics: Object.fromEntries(OUTCOMES.map((outcome) => [metricOfOutcome(outcome), upload[outcome]])),
    /** Since the file was received. */
    seconds,
    ...(seconds > 0 && { rowsPerSecond: Math.round((total_rows ?? 0) / seconds) }),
  };
}

/** Does so every second. @returns how to stop it: a round that is under way ends first. */
export function startCompletionLog(settings: Settings): () => Promise<void> {
  const stopping = new AbortController();
  const running = repeat(settings, stopping.signal);
  return async () => {
    stopping.abort();
    await running;
  };
}

async function repeat(settings: Settings, signal: AbortSignal): Promise<void> {
  let loggedReason: string | undefined;
  while (!signal.aborted) {
    const since = performance.now();
    try {
      await logCompletedUploads(settings);
      loggedReason = undefined;
    } catch (error) {
      const reason = errorForLog(error).message;
      if (reason !== loggedReason) settings.logger.warn({ err: error }, 'marking completed uploads failed; retrying');
      loggedReason = reason;
    }
    const pause = Math.max(PAUSE, (performance.now() - since) / SHARE);
    await delay(pause, undefined, { signal }).catch(() => {});
  }
}
