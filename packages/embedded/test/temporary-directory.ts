import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
// Not by its package's name: that package stands on this one.
import { temporaryParent } from '../../testing/src/temporary-parent.ts';

/** A directory of the test's own, removed at its end. `mode` 0o711 lets other users pass, mkdtemp's 0o700 does not. */
export async function temporaryDirectory(mode = 0o700): Promise<string> {
  const directory = await mkdtemp(join(temporaryParent(), 'rowferry-test-'));
  onTestFinished(() => rm(directory, { recursive: true, force: true }));
  await chmod(directory, mode);
  return directory;
}
