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
 * Sends every file, one after the other, and then the small ones again, whenever hardly a row is on its way, until
 * `signal` says that the faults are over: there is always work to hit.
 */
export async function sendFiles(
  api: ApiClient,
  files: readonly PlannedFile[],
  watch: Watch,
  journal: Journal,
  signal: AbortSignal,
): Promise<void> {
  const send = async (file: PlannedFile) => watch.expect(await sendStubbornly(api, file, journal), file.rows.length);
  const untilAlmostIdle = async (end: number) => {
    while (watch.outstanding() > LOW_WATER_ROWS && Date.now() < end && !signal.aborted) await delay(POLL_MS);
  };
  for (const file of files) {
    await send(file);
    await untilAlmostIdle(Date.now() + STEP_MS);
  }
  const small = files.toSorted((a, b) => a.rows.length - b.rows.length).slice(0, -1);
  for (let index = 0; !signal.aborted; index++) {
    await untilAlmostIdle(Number.POSITIVE_INFINITY);
    const file = small[index % small.length];
    if (file !== undefined && !signal.aborted) await send(file);
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
