import { assertKnownSchema, connect, migrationSettings } from '@rowferry/database';
import { findDatabaseUrl } from '@rowferry/runtime';
import type { Knex } from 'knex';

export default {
  client: 'pg',
  // Not before knex needs it: `knex migrate:make` works without a database.
  connection: findDatabase,
  migrations: migrationSettings,
  log: { warn: warnOnce },
} satisfies Knex.Config;

/** What `npx knex` connects to. @throws an error of one line when there is no database, or one that another version made. */
async function findDatabase(): Promise<Knex.PgConnectionConfig> {
  try {
    const url = findDatabaseUrl();
    await checkDatabase(url);
    return { connectionString: url };
  } catch (error) {
    // knex's command prints the stack of an error.
    const { message } = error instanceof Error ? error : new Error(String(error));
    throw Object.assign(new Error(message), { stack: message });
  }
}

async function checkDatabase(url: string): Promise<void> {
  const database = connect({ url, poolMax: 1, onWarning: () => {} });
  try {
    await assertKnownSchema(database);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    const { host, pathname } = new URL(url);
    throw new Error(
      `Postgres at ${host}${pathname} cannot be reached (${error.message || error.code}); run npm start, or check DATABASE_URL`,
    );
  } finally {
    await database.destroy();
  }
}

/** knex warns of an error that it then throws, and its command prints. */
function warnOnce(message: string): void {
  if (!/^(migration file ".*" failed|migration failed with error: |Acquire connection error: )/.test(message))
    process.stderr.write(`${message}\n`);
}
