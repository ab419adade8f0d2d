import { setTimeout as delay } from 'node:timers/promises';
import { connect, type Database, listUploads } from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';
import { progressLine, rowsPerSecond, type UploadProgress } from './progress-line.ts';
import type { Terminal } from './terminal.ts';

const PAUSE_MS = 500;
/** Uploads that the line sums up. */
const UPLOADS_MAX = 100;

/** Shows the rows that land, while any do. @returns how to stop it. */
export function showProgress(url: string, terminal: Terminal, logger: Logger): () => Promise<void> {
  const database = connect({ url, poolMax: 1, onWarning: (message) => logger.debug(message) });
  const stopping = new AbortController();
  const running = repeat(database, terminal, stopping.signal);
  return async () => {
    stopping.abort();
    await running;
    terminal.showProgress(undefined);
    await database.destroy();
  };
}

async function repeat(database: Database, terminal: Terminal, signal: AbortSignal): Promise<void> {
  let before: readonly UploadProgress[] = [];
  let since = performance.now();
  while (!signal.aborted) {
    await delay(PAUSE_MS, undefined, { signal }).catch(() => {});
    // A database that is unavailable is logged by those who need it more.
    const uploads = await underWay(database).catch(() => []);
    const now = performance.now();
    terminal.showProgress(progressLine(uploads, rowsPerSecond(before, uploads, (now - since) / 1000)));
    [before, since] = [uploads, now];
  }
}

async function underWay(database: Database): Promise<UploadProgress[]> {
  const { uploads } = await listUploads(database, { status: 'processing', limit: UPLOADS_MAX, offset: 0 });
  return uploads;
}
