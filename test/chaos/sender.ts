import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from './api-client.ts';
import type { Journal } from './journal.ts';
import type { Watch } from './watch.ts';
import type { PlannedFile } from './workload.ts';

const POLL_MS = 250;
const RETRY_MS = 1000;

/**
 * Sends every file, the next when the one before is all but landed, and goes on with sending them again until `signal`
 * says that the faults are over: there is always work to strike at.
 */
export async function sendFiles(
  api: ApiClient,
  files: readonly PlannedFile[],
  watch: Watch,
  journal: Journal,
  signal: AbortSignal,
): Promise<void> {
  for (let index = 0; index < files.length || !signal.aborted; index++) {
    const file = files[index % files.length];
    if (file === undefined) return;
    watch.expect(await sendStubbornly(api, file, journal), file.rows.length);
    while (watch.outstanding() > LOW_WATER && !signal.aborted) await delay(POLL_MS);
  }
}

/** With so few rows on their way the next file is sent. */
const LOW_WATER = 500;

/** As a client that was told to try again later, or was told nothing, does. */
export async function sendStubbornly(api: ApiClient, file: PlannedFile, journal: Journal): Promise<string> {
  for (;;) {
    try {
      const id = await api.send(file);
      journal.note('sent', { file: file.name, id });
      return id;
    } catch (error) {
      journal.note('sending failed', { file: file.name, error: String(error) });
      await delay(RETRY_MS);
    }
  }
}
