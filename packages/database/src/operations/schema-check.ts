import { readdir } from 'node:fs/promises';
import type { Database } from '../connection/connect.ts';
import { sqlState } from '../connection/error-class.ts';
import { query, statement } from '../connection/query.ts';
import { MIGRATIONS } from './migrations-directory.ts';
import { MIGRATIONS_TABLE } from './refuse-rollback.ts';

const APPLIED_MIGRATIONS = statement(`select name from ${MIGRATIONS_TABLE}`);

/** SQLSTATE undefined_table (Postgres, appendix A). */
const UNDEFINED_TABLE = '42P01';

/**
 * The migrations of this version that the database lacks, in their order. Those of a newer version may be there: while it is
 * rolled out, this one goes on.
 *
 * @throws what the database throws when it cannot be asked.
 */
export async function missingMigrations(database: Database): Promise<string[]> {
  const own = (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.ts')).toSorted();
  const applied = new Set((await appliedMigrations(database)).map(({ name }) => name));
  return own.filter((name) => !applied.has(name));
}

async function appliedMigrations(database: Database): Promise<{ name: string }[]> {
  return query<{ name: string }>(database, APPLIED_MIGRATIONS).catch((error: unknown) => {
    if (sqlState(error) === UNDEFINED_TABLE) return [];
    throw error;
  });
}
