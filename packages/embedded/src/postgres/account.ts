import { execFileSync } from 'node:child_process';
import { readFileSync, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { EmbeddedError } from '../host/embedded-error.ts';

/**
 * As whom Postgres's programs run. `self`: as this process. `switch`: root gives up its rights to another user.
 * `namespace`: root stays the owner of its files for the kernel, but in a user namespace in which it is called 65534,
 * which is all that Postgres looks at when it refuses to run as root.
 */
export type Account =
  | { readonly kind: 'self' }
  | { readonly kind: 'switch'; readonly uid: number; readonly gid: number }
  | { readonly kind: 'namespace' };

/** `nobody`: the "overflow" id of Linux, on every machine (user_namespaces(7)). */
export const NOBODY = 65534;

type Owner = { readonly uid: number; readonly gid: number };

/**
 * Chooses the account. As a normal user there is no choice. As root it is the owner of `dataDir` if that exists, so
 * that the way is the same at every start. For a new one it is the first that can pass to every one of `paths`:
 * the owner of the directory it will lie in (a clone in somebody's home, a volume mounted into a container), `postgres`,
 * `nobody`, and at last root itself in a user namespace: a clone under /root, mode 0700, lets nobody else in. The
 * namespace comes last because containers forbid it (Docker's default seccomp profile).
 *
 * @throws EmbeddedError when no account works.
 */
export function chooseAccount(dataDir: string, paths: readonly string[]): Account {
  if (process.getuid?.() !== 0) return { kind: 'self' };
  const existing = stats(dataDir);
  const candidates = existing === undefined ? candidatesFor(dataDir) : [existing];
  const owner = candidates.find((candidate) => paths.every((path) => canPass(candidate, path)));
  if (owner === undefined) throw noAccount(dataDir);
  if (owner.uid !== 0) return { kind: 'switch', uid: owner.uid, gid: owner.gid };
  if (!canNamespace()) throw noAccount(dataDir);
  return { kind: 'namespace' };
}

/** The ids to give files to, so that a program running as `account` owns them; undefined when they are right already. */
export function ownerFor(account: Account): Owner | undefined {
  return account.kind === 'switch' ? { uid: account.uid, gid: account.gid } : undefined;
}

function candidatesFor(dataDir: string): Owner[] {
  const root = { uid: 0, gid: 0 };
  const home = nearestExisting(dirname(dataDir));
  const postgres = passwdEntry('postgres');
  return [
    ...(home.uid === 0 ? [] : [home]),
    ...(postgres === undefined ? [] : [postgres]),
    passwdEntry('nobody') ?? { uid: NOBODY, gid: NOBODY },
    root,
  ];
}

function noAccount(dataDir: string): EmbeddedError {
  return new EmbeddedError(
    `Postgres refuses to run as root, and no other user can reach ${dataDir} and Rowferry's files: ` +
      'run as a normal user, move the clone to a directory that others may enter, or set DATABASE_URL',
  );
}

/** Whether `owner`, without root's privileges, may enter every directory on the way to `path` (mode bits only). */
function canPass(owner: Owner, path: string): boolean {
  for (let directory = dirname(path); ; directory = dirname(directory)) {
    const found = stats(directory);
    if (found !== undefined && (found.mode & searchBit(owner, found)) === 0) return false;
    if (directory === dirname(directory)) return true;
  }
}

function searchBit(owner: Owner, directory: Stats): number {
  if (directory.uid === owner.uid) return 0o100;
  return directory.gid === owner.gid ? 0o010 : 0o001;
}

function nearestExisting(path: string): Stats {
  return stats(path) ?? nearestExisting(dirname(path));
}

function stats(path: string): Stats | undefined {
  return statSync(path, { throwIfNoEntry: false });
}

function passwdEntry(name: string): Owner | undefined {
  const line = readFileSync('/etc/passwd', 'utf8')
    .split('\n')
    .find((entry) => entry.startsWith(`${name}:`));
  const [, , uid, gid] = line?.split(':') ?? [];
  // macOS has nobody as -2, which spawn does not take.
  return uid === undefined || gid === undefined || Number(uid) < 0 ? undefined : { uid: Number(uid), gid: Number(gid) };
}

function canNamespace(): boolean {
  try {
    const [command, ...args] = inNamespace('true', []);
    execFileSync(command, args, { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** The command line that runs `program` in a user namespace in which root is called 65534. */
export function inNamespace(program: string, args: readonly string[]): [string, ...string[]] {
  return ['unshare', '--user', `--map-user=${NOBODY}`, `--map-group=${NOBODY}`, '--', program, ...args];
}
