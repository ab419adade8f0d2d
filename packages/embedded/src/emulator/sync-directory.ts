import { closeSync, fsyncSync, openSync } from 'node:fs';

/** Only this makes the name of a new file in the directory survive a power cut (fsync(2)). */
export function syncDirectory(directory: string): void {
  const descriptor = openSync(directory, 'r');
  try {
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}
