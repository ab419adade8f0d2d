import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

/** A directory of the test's own, removed at its end. `mode` 0o711 lets other users pass, mkdtemp's 0o700 does not. */
export async function temporaryDirectory(mode = 0o700): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'rowferry-test-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await chmod(directory, mode);
  return directory;
}
