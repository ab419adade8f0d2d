import { connect, SearchIndexMaintenance, writeRows } from '@rowferry/database';
import { newUploadId } from '@rowferry/messages';
import { say } from '../results.ts';
import { rowsToWrite } from '../roster.ts';
import { type Case, casesFor } from './cases.ts';
import { measureRequests, type Percentiles } from './latency.ts';
import type { ServerProcess } from './server-process.ts';

/** Searches while rows are written, in milliseconds, and how many rows a second were written meanwhile. */
export type WhileRowsLand = { rowsPerSecond: number; cases: { name: string; api: Percentiles }[] };

type Setting = { api: ServerProcess; databaseUrl: string; requests: number; rows: number };

/** As a worker on two cores writes. */
const WRITERS = 2;
const ROWS_PER_WRITE = 2_000;

/** The same searches as without writers, one client; two writers write new employees beside it, as a worker does. */
export async function measureWhileRowsLand({ api, databaseUrl, requests, rows }: Setting): Promise<WhileRowsLand> {
  const writing = startWriting(databaseUrl, rows);
  const cases: WhileRowsLand['cases'] = [];
  try {
    for (const one of casesFor(rows).filter(isSearch))
      cases.push({ name: one.name, api: await measureRequests({ api, requests }, one) });
  } finally {
    await writing.stop();
  }
  return { rowsPerSecond: writing.rowsPerSecond(), cases };
}

function isSearch({ asked }: Case): boolean {
  return asked.every(({ searchTerm, company, sort }) => searchTerm !== undefined && company === sort);
}

function startWriting(databaseUrl: string, firstRow: number) {
  const database = connect({ url: databaseUrl, poolMax: WRITERS, onWarning: say });
  const searchIndex = new SearchIndexMaintenance(database);
  const uploadId = newUploadId();
  const started = performance.now();
  const receivedAtMicros = Date.now() * 1000;
  let next = firstRow;
  let written = 0;
  let elapsedMs = 0;
  let isStopped = false;
  const write = async () => {
    while (!isStopped) {
      const batch = rowsToWrite(uploadId, receivedAtMicros, { start: next, count: ROWS_PER_WRITE });
      next += ROWS_PER_WRITE;
      await writeRows(database, batch, []);
      await searchIndex.wrote(ROWS_PER_WRITE);
      written += ROWS_PER_WRITE;
    }
  };
  const writers = Promise.all(Array.from({ length: WRITERS }, write));
  return {
    async stop() {
      isStopped = true;
      await writers;
      elapsedMs = performance.now() - started;
      await database.destroy();
    },
    rowsPerSecond: () => (written / elapsedMs) * 1000,
  };
}
