import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readEnvironment } from './environment.ts';
import { EnvironmentError } from './environment-error.ts';

/**
 * The database that DATABASE_URL names, else the one that a running `npm start` embeds: for tools beside it.
 *
 * @throws EnvironmentError when there is neither.
 */
export function findDatabaseUrl(): string {
  const { DATA_DIR, DATABASE_URL } = readEnvironment(['DATA_DIR'], ['DATABASE_URL']);
  if (DATABASE_URL !== undefined) return DATABASE_URL;
  try {
    return readFileSync(join(DATA_DIR, 'database-url'), 'utf8');
  } catch (error) {
    throw new EnvironmentError('DATABASE_URL is not set, and no `npm start` runs on this DATA_DIR', { cause: error });
  }
}
