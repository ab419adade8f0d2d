import {
  connect,
  createApiKey,
  type Database,
  explainDatabaseError,
  grantApplicationUser,
  listApiKeys,
  migrate,
  SCOPES,
  UnknownSchemaError,
} from '@rowferry/database';
import type { Logger } from '@rowferry/runtime';
import { z } from 'zod';

/** Who may change the schema. Travels between two functions of the same account, in the body of a call: never logged. */
export const owner = z.object({ username: z.string().min(1), password: z.string().min(1) });

/** `key`: the first API key, which this call made; it cannot be had again. */
export type Migrated = { key: string | null };

/** Longest that a statement may take: the function's own time limit, 14 minutes, ends it before. */
const STATEMENT_TIMEOUT_MS = 15 * 60 * 1000;
const FIRST_KEY = { name: 'first', scopes: [...SCOPES] };

/**
 * Brings the schema up to date as the owner of the tables, lets the application's user work on them, and makes the first API
 * key, without which the API does not start. Calling it again changes nothing.
 *
 * @throws an error of one line for the operator; a deployment fails with it, and what ran before goes on.
 */
export function createMigrateHandler({ url, logger }: { url: string; logger: Logger }) {
  return async (event: unknown): Promise<Migrated> => {
    const { username, password } = owner.parse(event);
    const ownerUrl = Object.assign(new URL(url), { username: encodeURIComponent(username) }).href;
    const database = connect({
      url: ownerUrl,
      password: async () => password,
      poolMax: 2,
      statementTimeoutMs: STATEMENT_TIMEOUT_MS,
      onWarning: (message) => logger.warn(message),
    });
    try {
      await migrateUnlessNewer(database, logger);
      await grantApplicationUser(database);
      return { key: await makeFirstKey(database) };
    } catch (error) {
      const explained = explainDatabaseError(error, ownerUrl);
      throw explained === undefined ? error : new Error(explained, { cause: error });
    } finally {
      await database.destroy();
    }
  };
}

/** A version that is rolled back to finds the schema of the one after it, which only added to it. */
async function migrateUnlessNewer(database: Database, logger: Logger): Promise<void> {
  try {
    await migrate(database);
  } catch (error) {
    if (!(error instanceof UnknownSchemaError && error.isNewer)) throw error;
    logger.warn('the schema is of a newer version, and stays as it is');
  }
}

async function makeFirstKey(database: Database): Promise<string | null> {
  if ((await listApiKeys(database)).length > 0) return null;
  const { key } = await createApiKey(database, FIRST_KEY);
  return key;
}
