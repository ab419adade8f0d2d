import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';

/**
 * A file system in memory, of Linux. Each test's database is 300 files that come and go, each new server's is 1,000. On a
 * disk, ext4 passes over every inode that was freed in the last seconds when it makes a file, which took more CPU than all
 * else that Postgres did.
 */
const SHARED_MEMORY = '/dev/shm';
/** Several times what the tests need at a time. Containers often have 64 MiB there. */
const ROOM_BYTES = 4 * 1024 ** 3;

/** Where directories for the data of test servers are made: in memory where there is room, otherwise where all temporary files are. */
export function temporaryParent(): string {
  return hasRoom(SHARED_MEMORY) ? SHARED_MEMORY : tmpdir();
}

function hasRoom(directory: string): boolean {
  try {
    const { bavail, bsize } = statfsSync(directory);
    return bavail * bsize >= ROOM_BYTES;
  } catch {
    // Other systems have no such directory.
    return false;
  }
}
