import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { EmbeddedError, errorCode } from './embedded-error.ts';

export type RunLock = { release(): void };

/** What node:sqlite puts into `errcode` when another connection holds the lock (sqlite.org/rescode.html#busy). */
const SQLITE_BUSY = 5;

/** What holds the locks. A connection that nothing refers to is closed by the garbage collector, and its lock is gone. */
const heldLocks = new Set<DatabaseSync>();

/**
 * Makes `dataDir` belong to this process until `release()` or its death, however it dies. Creates the directory.
 *
 * The lock is SQLite's exclusive lock on `run.lock`, that is a lock of the operating system on an open file: it cannot
 * go stale after kill -9 and does not care about reused process ids, as a pid file would. `run.pid` only serves the
 * message. SQLite is what Node has of file locking without a native addon.
 *
 * The directory is made with mode 0711: the user that Postgres runs as must be able to pass through it, while what lies
 * in it is closed to others by modes of its own.
 *
 * @throws EmbeddedError when another run has the directory, or when it can't be made or written.
 */
export function acquireRunLock(dataDir: string): RunLock {
  const directory = resolve(dataDir);
  const pidFile = join(directory, 'run.pid');
  const database = openLockFile(directory);
  try {
    database.exec('PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    if (error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY) {
      throw new EmbeddedError(
        `The data directory ${directory} is in use by another run${owner(pidFile)}: stop it, or set DATA_DIR to another directory`,
      );
    }
    throw unusable(directory, error);
  }
  writeFileSync(pidFile, `${process.pid}\n`, { mode: 0o600 });

  heldLocks.add(database);
  return {
    release() {
      if (!heldLocks.delete(database)) return;
      // While the lock is still held: afterwards the file may be the next run's.
      rmSync(pidFile, { force: true });
      database.close();
    },
  };
}

function openLockFile(directory: string): DatabaseSync {
  try {
    makeDirectory(directory);
    const file = join(directory, 'run.lock');
    createLockFile(file);
    return new DatabaseSync(file);
  } catch (error) {
    throw unusable(directory, error);
  }
}

/** Not by `recursive`: Node never returns from making a directory in /proc so. */
function makeDirectory(directory: string): void {
  if (existsSync(directory)) return;
  makeDirectory(dirname(directory));
  try {
    mkdirSync(directory, { mode: 0o711 });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}

/** SQLite would make the file with mode 0644, and whoever can read a file can lock it. */
function createLockFile(file: string): void {
  try {
    // Never opens an existing one: closing any descriptor of a file drops the locks that this process has on it (POSIX).
    writeFileSync(file, '', { mode: 0o600, flag: 'wx' });
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
  }
}

function unusable(directory: string, error: unknown): EmbeddedError {
  const reason = errorCode(error) === 'ERR_SQLITE_ERROR' ? String(error) : (errorCode(error) ?? String(error));
  return new EmbeddedError(
    `The data directory ${directory} can't be used (${reason}): set DATA_DIR to one you can write`,
  );
}

function owner(pidFile: string): string {
  try {
    return ` (process ${readFileSync(pidFile, 'utf8').trim()})`;
  } catch {
    return '';
  }
}
