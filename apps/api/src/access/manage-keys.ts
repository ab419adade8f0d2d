import {
  connect,
  createApiKey,
  type Database,
  explainDatabaseError,
  listApiKeys,
  revokeApiKey,
  SCOPES,
  type Scope,
} from '@rowferry/database';
import { EnvironmentError, runMain } from '@rowferry/runtime';
import { KEY_NAME_MAX, keyNameSchema } from './contract.ts';

/** What was asked for cannot be done: its message says why. */
class KeysError extends Error {
  override readonly name = 'KeysError';
}

/** Does work on the database that the command is about, by its URL. */
export type ProvideDatabase = <Result>(work: (url: string) => Promise<Result>) => Promise<Result>;

/** `rowferry keys create`. `scopes` are separated by commas. */
export function runCreateKey(options: { name: string; scopes: string }, provide: ProvideDatabase): void {
  runMain(async () => {
    const name = readName(options.name);
    const scopes = readScopes(options.scopes);
    await withDatabase(provide, (database) => createKey(database, name, scopes));
  }, [EnvironmentError, KeysError]);
}

/** `rowferry keys list`. */
export function runListKeys(provide: ProvideDatabase): void {
  runMain(() => withDatabase(provide, listKeys), [EnvironmentError, KeysError]);
}

/** `rowferry keys revoke`. */
export function runRevokeKey(id: string, provide: ProvideDatabase): void {
  runMain(() => withDatabase(provide, (database) => revokeKey(database, id)), [EnvironmentError, KeysError]);
}

function withDatabase(provide: ProvideDatabase, work: (database: Database) => Promise<void>): Promise<void> {
  return provide(async (url) => {
    const database = connect({ url, poolMax: 1, onWarning: () => {} });
    try {
      await work(database);
    } catch (error) {
      const explained = explainDatabaseError(error, url);
      throw explained === undefined ? error : new KeysError(explained, { cause: error });
    } finally {
      await database.destroy();
    }
  });
}

/** The key alone goes to standard output, so that a script can take it. */
async function createKey(database: Database, name: string, scopes: Scope[]): Promise<void> {
  const { id, key } = await createApiKey(database, { name, scopes });
  process.stderr.write(`${id} is created, for ${scopes.join(', ')}. This is the only time that the key is shown:\n`);
  process.stdout.write(`${key}\n`);
}

async function listKeys(database: Database): Promise<void> {
  for (const { id, name, scopes, created_at, revoked_at } of await listApiKeys(database)) {
    const state = revoked_at === null ? 'valid' : `revoked ${revoked_at.toISOString()}`;
    process.stdout.write(`${[id, name, scopes.join(','), created_at.toISOString(), state].join('\t')}\n`);
  }
}

async function revokeKey(database: Database, id: string): Promise<void> {
  if (!(await revokeApiKey(database, id)))
    throw new KeysError(`there is no key ${id}; \`rowferry keys list\` shows all`);
  process.stderr.write(`${id} is revoked.\n`);
}

function readName(name: string): string {
  if (keyNameSchema.safeParse(name).success) return name;
  throw new KeysError(`--name says whose key it is, in ${KEY_NAME_MAX} characters at most`);
}

function readScopes(text: string): Scope[] {
  const names = text.split(',');
  const scopes = SCOPES.filter((scope) => names.includes(scope));
  if (scopes.length === names.length) return scopes;
  throw new KeysError(`--scopes must be of ${SCOPES.join(', ')}, separated by commas`);
}
