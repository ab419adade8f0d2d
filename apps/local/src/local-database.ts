import { resolve } from 'node:path';
import { acquireRunLock, EmbeddedError, type RunLock } from '@rowferry/embedded';
import { createLogger, EnvironmentError, findDatabaseUrl, readEnvironment } from '@rowferry/runtime';
import { embedPostgres, hasEmbeddedPostgres } from './embedded-services.ts';
import { prepareDatabase } from './prepare.ts';
import { StartError } from './start-error.ts';

/**
 * Does `work` on the database that DATABASE_URL names, else on that of the `rowferry start` that runs on DATA_DIR, else on
 * that of one that ran there before: its Postgres is started for so long.
 *
 * @throws EnvironmentError when there is none of them, or when it cannot be started.
 */
export async function withLocalDatabase<Result>(work: (url: string) => Promise<Result>): Promise<Result> {
  const { DATA_DIR, DATABASE_URL } = readEnvironment(['DATA_DIR'], ['DATABASE_URL']);
  const dataDir = resolve(DATA_DIR);
  const lock = DATABASE_URL === undefined && hasEmbeddedPostgres(dataDir) ? lockUnlessInUse(dataDir) : undefined;
  if (lock === undefined) return work(findDatabaseUrl());
  try {
    return await withEmbeddedPostgres(dataDir, work);
  } catch (error) {
    const isExplained = error instanceof EmbeddedError || error instanceof StartError;
    throw isExplained ? new EnvironmentError(error.message, { cause: error }) : error;
  } finally {
    lock.release();
  }
}

async function withEmbeddedPostgres<Result>(dataDir: string, work: (url: string) => Promise<Result>): Promise<Result> {
  const { LOG_LEVEL } = readEnvironment(['LOG_LEVEL']);
  const postgres = await embedPostgres(dataDir);
  try {
    await prepareDatabase(postgres.url, createLogger('rowferry', LOG_LEVEL));
    return await work(postgres.url);
  } finally {
    await postgres.stop();
  }
}

function lockUnlessInUse(dataDir: string): RunLock | undefined {
  try {
    return acquireRunLock(dataDir);
  } catch (error) {
    if (error instanceof EmbeddedError) return undefined;
    throw error;
  }
}
