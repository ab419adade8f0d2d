import type { Database } from '../connection/connect.ts';
import { query, statement } from '../connection/query.ts';

export const MIGRATIONS_TABLE = 'knex_migrations';
/** What knex itself keeps, and what workers make again. */
const NOT_DATA: ReadonlySet<string> = new Set([MIGRATIONS_TABLE, `${MIGRATIONS_TABLE}_lock`, 'leases']);

/** A rollback would have deleted data. The message is one line for the operator. */
class RollbackRefusedError extends Error {
  override readonly name = 'RollbackRefusedError';
  /** knex's command prints the stack of an error. */
  override readonly stack = this.message;
}

/**
 * Refuses to take migrations back where that deletes rows. knex calls it before it runs any (`beforeAll`), whichever way:
 * what it is about to run and has run before, it takes back.
 *
 * The first migrations of a database are one batch, so that `migrate:rollback`, meant for the last change of the schema,
 * drops every table.
 *
 * @throws RollbackRefusedError, unless ROWFERRY_ALLOW_ROLLBACK is 1 or all tables are empty.
 */
export async function refuseRollback(database: Database, migrations: readonly unknown[]): Promise<void> {
  if (process.env.ROWFERRY_ALLOW_ROLLBACK === '1') return;
  const applied = await database<{ name: string }>(MIGRATIONS_TABLE).whereIn('name', migrations.map(fileOf)).first();
  if (applied === undefined) return;
  const tables = await tablesWithRows(database);
  if (tables.length === 0) return;
  throw new RollbackRefusedError(
    `A rollback would drop tables that have rows (${tables.join(', ')}); nothing was changed. ` +
      'Set ROWFERRY_ALLOW_ROLLBACK=1 to delete these rows; pg_dump saves them first',
  );
}

function fileOf(migration: unknown): string {
  if (typeof migration === 'object' && migration !== null && 'file' in migration) return String(migration.file);
  throw new Error('knex names no file of the migration');
}

/** Every table that an unqualified name finds. */
const LIST_TABLES = statement(`
  select relname as name from pg_class
  where relkind in ('r', 'p') and relnamespace = any(cast(current_schemas(false) as regnamespace[]))
  order by relname`);

async function tablesWithRows(database: Database): Promise<string[]> {
  const tables = (await query<{ name: string }>(database, LIST_TABLES))
    .map(({ name }) => name)
    .filter((name) => !NOT_DATA.has(name));
  const rows = await Promise.all(tables.map((name) => database(name).first()));
  return tables.filter((_, index) => rows[index] !== undefined);
}
