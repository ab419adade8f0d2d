import { setTimeout as delay } from 'node:timers/promises';
import type { ApiClient } from './api-client.ts';
import type { Journal } from './journal.ts';
import type { Watch } from './watch.ts';
import type { PlannedFile } from './workload.ts';

const POLL_MS = 250;
const RETRY_MS = 1000;

/** The next file is sent when so few rows are on their way, or after so long. */
const LOW_WATER_ROWS = 500;
const STEP_MS = 12_000;

/**
 * Sends every file, one after the other, and goes on with sending them again until `signal` says that the faults are
 * over: there is always work to strike at.
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
    // Sent again is only what is needed to keep the system busy.
    const end = index + 1 < files.length ? Date.now() + STEP_MS : Number.POSITIVE_INFINITY;
    while (watch.outstanding() > LOW_WATER_ROWS && Date.now() < end && !signal.aborted) await delay(POLL_MS);
  }
}

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
