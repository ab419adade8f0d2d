import {
  ageOfOldestOpenUpload,
  countRowsByOutcome,
  countUnreadableMessages,
  type Database,
  listRowTotals,
  type RowTotals,
} from '@rowferry/database';
import { byOutcome, type OutcomeCounts } from '@rowferry/roster';
import { freeDiskBytes, VERSION } from '@rowferry/runtime';
import { cachedFor } from '../http/ttl-cache.ts';
import { type QueueSettings, queuesOf, unlessUnavailable } from './measurements.ts';
import { type NotReady, SERVICES } from './readiness.ts';

/** However many look at the page. */
const FRESH_MS = 3000;
/** One more than an hour has: where the first of its minutes begins is known only from the one before. */
const MINUTES = 61;

export type OperationsSettings = QueueSettings & { database: Database; dataDir?: string | undefined };

/** How it all goes, for who runs it. What cannot be had at the moment is null. */
export function operationsOf(settings: OperationsSettings, findNotReady: () => Promise<NotReady[]>) {
  const { database, dataDir } = settings;
  const queues = queuesOf(settings, FRESH_MS);
  const countRows = fresh(() => countRowsByOutcome(database));
  const listTotals = fresh(() => listRowTotals(database, MINUTES));
  const measureAge = fresh(() => ageOfOldestOpenUpload(database));
  const countUnreadable = fresh(() => countUnreadableMessages(database));
  const measureDisk = fresh(async () => (dataDir === undefined ? null : freeDiskBytes(dataDir)));

  return async () => {
    const [notReady, rows, totals, age, unreadable, disk, depths] = await Promise.all([
      findNotReady(),
      countRows(),
      listTotals(),
      measureAge(),
      countUnreadable(),
      measureDisk(),
      Promise.all(queues.map(async ({ queue, measure }) => ({ queue, messages: (await measure()) ?? null }))),
    ]);
    return {
      version: VERSION,
      services: SERVICES.map((service) => ({
        service,
        fault: notReady.find((each) => each.service === service)?.fault ?? null,
      })),
      queues: depths,
      oldestUploadSeconds: age === undefined ? null : Math.round(age),
      rows: rows ?? null,
      lastHour: totals === undefined || rows === undefined ? null : stepsOf(totals, { taken_at: new Date(), rows }),
      unreadableMessages: unreadable ?? null,
      freeDiskBytes: disk ?? null,
    };
  };
}

function fresh<T>(ask: () => Promise<T>): () => Promise<T | undefined> {
  return unlessUnavailable(cachedFor(FRESH_MS, ask));
}

/**
 * What came between one total and the next, up to now. A step is a minute, or longer where no API ran. A redrive takes dead rows
 * back: no rows came then.
 */
export function stepsOf(
  totals: readonly RowTotals[],
  now: RowTotals,
): { from: string; to: string; rows: OutcomeCounts }[] {
  const all = [...totals, now];
  return all.slice(1).map((total, index) => {
    const before = all[index] ?? total;
    const rows = byOutcome((outcome) => Math.max(0, (total.rows[outcome] ?? 0) - (before.rows[outcome] ?? 0)));
    return { from: before.taken_at.toISOString(), to: total.taken_at.toISOString(), rows };
  });
}
