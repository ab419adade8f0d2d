import { readdir } from 'node:fs/promises';
import type { Knex } from 'knex';
import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';
import { MIGRATIONS } from './migrations-directory.ts';
import { MIGRATIONS_TABLE, refuseRollback } from './refuse-rollback.ts';

/** What knex needs to find the migrations; knexfile.ts uses the same. */
export const migrationSettings: Knex.MigratorConfigWithLifecycleHooks = {
  directory: MIGRATIONS,
  tableName: MIGRATIONS_TABLE,
  extension: 'ts',
  loadExtensions: ['.ts'],
  beforeAll: refuseRollback,
};

/** Any number, the same in every process: it names the lock that migrating processes queue for. */
const MIGRATION_LOCK = 0x726f7766;

const ALLOW_IDLE = statement('set local idle_in_transaction_session_timeout = 0');
const TAKE_LOCK = statement('select pg_advisory_xact_lock(?)');

/** Migrations that this version does not have were applied to the database. The message is one line for the operator. */
export class UnknownSchemaError extends Error {
  override readonly name = 'UnknownSchemaError';
  /** A newer version made it, which only added to what this one needs. */
  readonly isNewer: boolean;

  constructor(message: string, { isNewer }: { isNewer: boolean }) {
    super(message);
    this.isNewer = isNewer;
  }
}

/**
 * Brings the schema up to date. Safe when many processes start at once: they queue for an advisory lock, which
 * Postgres takes back from a process that dies. knex's own lock is a row that a killed process leaves behind, so
 * under the advisory lock it is freed first.
 *
 * @throws UnknownSchemaError when another version made the schema; the database is left as it is.
 */
export async function migrate(database: Database): Promise<void> {
  await database.transaction(async (lock) => {
    // It sits idle, with the lock, while another connection migrates.
    await query(lock, ALLOW_IDLE);
    await query(lock, TAKE_LOCK, [MIGRATION_LOCK]);
    await assertKnownSchema(lock);
    await database.migrate.forceFreeMigrationsLock(migrationSettings);
    await database.migrate.latest(migrationSettings);
  });
}

/** The first migration of the development versions before 0.1.0, whose schema no migration leads away from. */
const FIRST_OF_PRERELEASES = '20261122000000_create_schema.ts';

/** @throws UnknownSchemaError when another version made the schema. */
export async function assertKnownSchema(database: Database): Promise<void> {
  if (!(await database.schema.hasTable(MIGRATIONS_TABLE))) return;
  const applied: { name: string }[] = await database(MIGRATIONS_TABLE).select('name');
  const known = new Set(await readdir(MIGRATIONS));
  const unknown = applied.map(({ name }) => name).filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  const isNewer = !unknown.includes(FIRST_OF_PRERELEASES);
  const maker = isNewer ? 'a newer version of Rowferry' : 'a version of Rowferry before 0.1.0';
  const advice = isNewer
    ? 'install that version, or use an empty database (DATABASE_URL) or another data directory (DATA_DIR)'
    : 'use an empty database (DATABASE_URL), or another data directory (DATA_DIR) with npm start';
  throw new UnknownSchemaError(`This database was made by ${maker} and was left as it is; ${advice}`, { isNewer });
}
