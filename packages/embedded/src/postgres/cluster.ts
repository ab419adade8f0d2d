import { randomBytes } from 'node:crypto';
import {
  appendFile,
  chmod,
  chown,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  rmdir,
  writeFile,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { EmbeddedError, errorCode } from '../host/embedded-error.ts';
import { type Account, ownerFor } from './account.ts';
import type { PostgresBinaries } from './binaries.ts';
import { runProgram } from './run-program.ts';

/** The role that owns everything; a superuser, so that tests may create databases and extensions. */
export const ROLE = 'rowferry';

/** Read by postgresql.conf of our clusters; written anew at every start. */
const SETTINGS_FILE = 'rowferry.conf';

const PASSWORD_FILE = 'rowferry.password';

/** `absent` also stands for an empty directory: both are to be filled. */
type ClusterState = { readonly kind: 'absent' } | { readonly kind: 'present'; readonly major: string };

/** Says whether `dataDir` holds a cluster. An empty directory is removed, so that its owner decides nothing. */
export async function findCluster(dataDir: string): Promise<ClusterState> {
  const names = await listDirectory(dataDir);
  if (names === undefined) return { kind: 'absent' };
  if (names.length === 0) {
    await rmdir(dataDir);
    return { kind: 'absent' };
  }
  if (!names.includes('PG_VERSION')) {
    throw new EmbeddedError(`${dataDir} holds files, but no Postgres data: move it away, or set DATA_DIR`);
  }
  return { kind: 'present', major: (await readFile(join(dataDir, 'PG_VERSION'), 'utf8')).trim() };
}

/** @throws EmbeddedError when the cluster was made by a Postgres of another major version, which can't read it. */
export async function requireMajor(dataDir: string, major: string, postgres: string, account: Account): Promise<void> {
  const { output } = await runProgram(account, postgres, ['--version']);
  const ours = /\(PostgreSQL\) (\d+)/.exec(output)?.[1];
  if (ours === major) return;
  throw new EmbeddedError(
    `The data in ${dataDir} is of Postgres ${major}, and this Rowferry brings Postgres ${ours}: ` +
      `move the directory away to start empty, or set DATABASE_URL to a Postgres ${major} that runs on it`,
  );
}

/**
 * Makes a new cluster at `dataDir`, or nothing: it is made under another name and renamed when whole, so that an initdb
 * that was killed half-way is never taken for a cluster. What killed ones left is removed.
 *
 * Text is UTF-8 and sorts by code point with Postgres's built-in `C.UTF-8`, which is the same on every machine, whereas
 * the operating system's locales differ in name, presence and order. Loopback connections need a random password:
 * other users of the machine can connect to 127.0.0.1 too.
 */
export async function createCluster(dataDir: string, binaries: PostgresBinaries, account: Account): Promise<void> {
  const parent = dirname(dataDir);
  const prefix = `${basename(dataDir)}.init-`;
  await removeLeftovers(parent, prefix);

  const workshop = await mkdtemp(join(parent, prefix));
  const made = join(workshop, 'data');
  const passwordFile = join(workshop, 'password');
  await mkdir(made, { mode: 0o700 });
  await writeFile(passwordFile, randomBytes(24).toString('hex'), { mode: 0o600, flush: true });
  await giveTo(account, workshop, made, passwordFile);
  const { code, output } = await runProgram(account, binaries.initdb, [
    ...['--pgdata', made, '--username', ROLE, '--auth', 'scram-sha-256', '--pwfile', passwordFile, '--no-instructions'],
    ...['--encoding', 'UTF8', '--locale', 'C', '--locale-provider', 'builtin', '--builtin-locale', 'C.UTF-8'],
  ]).catch((error: unknown) => ({ code: -1, output: explain(error) }));
  if (code !== 0) {
    await rm(workshop, { recursive: true, force: true });
    throw new EmbeddedError(`Postgres could not make its data directory ${dataDir}: ${lastLine(output)}`);
  }
  await appendFile(
    join(made, 'postgresql.conf'),
    `\ninclude = '${SETTINGS_FILE}'\n# Settings below win over Rowferry's.\n`,
  );
  await rename(passwordFile, join(made, PASSWORD_FILE));
  await rename(made, dataDir);
  await rm(workshop, { recursive: true, force: true });
}

/** The password of {@link ROLE}. */
export async function readPassword(dataDir: string): Promise<string> {
  try {
    return (await readFile(join(dataDir, PASSWORD_FILE), 'utf8')).trim();
  } catch {
    throw new EmbeddedError(`${join(dataDir, PASSWORD_FILE)} can't be read: put it back, or set DATABASE_URL`);
  }
}

/** Writes the settings that this start asks for. They win over postgresql.conf above its include line, not below it. */
export async function writeSettings(
  dataDir: string,
  account: Account,
  settings: Record<string, string>,
): Promise<void> {
  const lines = Object.entries(settings).map(([name, value]) => `${name} = '${value.replaceAll("'", "''")}'\n`);
  const file = join(dataDir, SETTINGS_FILE);
  await writeFile(file, `# Written by Rowferry at every start.\n${lines.join('')}`, { mode: 0o600 });
  await giveTo(account, file);
}

/** Makes `files` the account's own, and closed to all others. */
async function giveTo(account: Account, ...files: readonly string[]): Promise<void> {
  const owner = ownerFor(account);
  if (owner === undefined) return;
  for (const file of files) await chown(file, owner.uid, owner.gid);
}

/** Creates `file` if needed, for `account` to append to. */
export async function prepareLog(file: string, account: Account): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o711 });
  await appendFile(file, '');
  await chmod(file, 0o600);
  await giveTo(account, file);
}

async function removeLeftovers(parent: string, prefix: string): Promise<void> {
  for (const name of (await listDirectory(parent)) ?? []) {
    // An initdb that outlived its killed parent may still be writing there; the next start removes what stays.
    if (name.startsWith(prefix)) await rm(join(parent, name), { recursive: true, force: true }).catch(() => {});
  }
}

async function listDirectory(path: string): Promise<string[] | undefined> {
  try {
    return await readdir(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw new EmbeddedError(`${path} can't be read (${errorCode(error)}): run as its owner, or set DATA_DIR`);
  }
}

function explain(error: unknown): string {
  // A glibc program on a musl system (Alpine) fails so too: its loader is what does not exist.
  if (errorCode(error) === 'ENOENT')
    return 'its programs do not run on this system; set DATABASE_URL to a Postgres of your own';
  return String(error);
}

function lastLine(output: string): string {
  const lines = output.trim().split('\n');
  return lines.findLast((line) => /error|fatal|denied/i.test(line)) ?? lines.at(-1) ?? '';
}
