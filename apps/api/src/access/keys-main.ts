import { parseArgs } from 'node:util';
import {
  addApiKey,
  connect,
  type Database,
  isDatabaseUnavailable,
  listApiKeys,
  revokeApiKey,
} from '@rowferry/database';
import { EnvironmentError, findDatabaseUrl, runMain } from '@rowferry/runtime';
import { SCOPES, type Scope } from '../contract/scopes.ts';
import { generateApiKey } from './api-key.ts';

const USAGE = `npm run keys -- create --name NAME [--scopes read,upload,operate]
npm run keys -- list
npm run keys -- revoke ID`;

const DEFAULT_SCOPES = 'read,upload';
const NAME_MAX = 100;

/** What was asked for cannot be done: its message says why. */
class KeysError extends Error {
  override readonly name = 'KeysError';
}

type Command = { name: 'create'; keyName: string; scopes: Scope[] } | { name: 'list' } | { name: 'revoke'; id: string };

/** `npm run keys`: makes, lists and revokes API keys of the database that DATABASE_URL names, or a running `npm start` has. */
async function main(): Promise<void> {
  const command = readCommand(process.argv.slice(2));
  const database = connect({ url: findDatabaseUrl(), poolMax: 1, onWarning: () => {} });
  try {
    await run(command, database);
  } catch (error) {
    throw isDatabaseUnavailable(error)
      ? new KeysError('Postgres cannot be reached; check DATABASE_URL', { cause: error })
      : error;
  } finally {
    await database.destroy();
  }
}

async function run(command: Command, database: Database): Promise<void> {
  switch (command.name) {
    case 'create':
      return create(database, command.keyName, command.scopes);
    case 'list':
      return list(database);
    case 'revoke':
      if (!(await revokeApiKey(database, command.id)))
        throw new KeysError(`there is no key ${command.id}; see: npm run keys -- list`);
      process.stderr.write(`${command.id} is revoked.\n`);
  }
}

/** The key alone goes to standard output, so that a script can take it. */
async function create(database: Database, name: string, scopes: Scope[]): Promise<void> {
  const { id, key, hash } = generateApiKey();
  await addApiKey(database, { id, name, scopes, hash });
  process.stderr.write(`${id} is made, for ${scopes.join(', ')}. This is the only time that the key is shown:\n`);
  process.stdout.write(`${key}\n`);
}

async function list(database: Database): Promise<void> {
  for (const { id, name, scopes, created_at, revoked_at } of await listApiKeys(database)) {
    const state = revoked_at === null ? 'valid' : `revoked ${revoked_at.toISOString()}`;
    process.stdout.write(`${[id, name, scopes.join(','), created_at.toISOString(), state].join('\t')}\n`);
  }
}

function readCommand(args: string[]): Command {
  const { values, positionals } = parse(args);
  const [name, ...operands] = positionals;
  if (name === 'create' && operands.length === 0)
    return { name, keyName: readName(values.name), scopes: readScopes(values.scopes) };
  if (name === 'list' && operands.length === 0) return { name };
  const [id, ...others] = operands;
  if (name === 'revoke' && id !== undefined && others.length === 0) return { name, id };
  throw new KeysError(`usage:\n${USAGE}`);
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { name: { type: 'string' }, scopes: { type: 'string', default: DEFAULT_SCOPES } },
    });
  } catch (error) {
    throw new KeysError(`usage:\n${USAGE}`, { cause: error });
  }
}

function readName(name: string | undefined): string {
  if (name !== undefined && name.length <= NAME_MAX && /^\P{Cc}+$/u.test(name)) return name;
  throw new KeysError(`--name says whose key it is, in ${NAME_MAX} characters at most`);
}

function readScopes(text: string): Scope[] {
  const names = text.split(',');
  const scopes = SCOPES.filter((scope) => names.includes(scope));
  if (scopes.length === names.length) return scopes;
  throw new KeysError(`--scopes must be of ${SCOPES.join(', ')}, separated by commas`);
}

runMain(main, [EnvironmentError, KeysError]);
