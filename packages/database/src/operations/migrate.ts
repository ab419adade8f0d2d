import { fileURLToPath } from 'node:url';
import type { Knex } from 'knex';
import type { Database } from '../connection/connect.ts';

const MIGRATIONS = fileURLToPath(new URL('../../../../migrations', import.meta.url));

/** What knex needs to find the migrations; knexfile.ts uses the same. */
export const migrationSettings: Knex.MigratorConfig = {
  directory: MIGRATIONS,
  extension: 'ts',
  loadExtensions: ['.ts'],
};

/** Any number, the same in every process: it names the lock that migrating processes queue for. */
const MIGRATION_LOCK = 0x726f7766;

/**
 * Brings the schema up to date. Safe when many processes start at once: they queue for an advisory lock, which
 * Postgres takes back from a process that dies. knex's own lock is a row that a killed process leaves behind, so
 * under the advisory lock it is freed first.
 */
export async function migrate(database: Database): Promise<void> {
  await database.transaction(async (lock) => {
    // It sits idle, with the lock, while another connection migrates.
    await lock.raw('set local idle_in_transaction_session_timeout = 0');
    await lock.raw('select pg_advisory_xact_lock(?)', [MIGRATION_LOCK]);
    await database.migrate.forceFreeMigrationsLock(migrationSettings);
    await database.migrate.latest(migrationSettings);
  });
}
