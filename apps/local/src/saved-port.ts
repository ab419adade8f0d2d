import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isFreePort } from '@rowferry/embedded';

/** What a run that was killed leaves behind ends by itself, within this time at most. */
const LEFTOVER_TIMEOUT_MS = 5000;
const PAUSE_MS = 50;

/** The port of the last run, so that URLs stay the same from run to run; undefined at the first run. */
export async function savedPort(dataDir: string, name: string): Promise<number | undefined> {
  const port = Number(await readFile(join(dataDir, `${name}.port`), 'utf8').catch(() => ''));
  return Number.isInteger(port) && port > 0 ? port : undefined;
}

/** The same, once it is free; 0, for any, when there is none or something else has it by now. */
export async function savedFreePort(dataDir: string, name: string): Promise<number> {
  const port = await savedPort(dataDir, name);
  if (port === undefined) return 0;
  for (let waited = 0; waited < LEFTOVER_TIMEOUT_MS; waited += PAUSE_MS) {
    if (await isFreePort(port)) return port;
    await delay(PAUSE_MS);
  }
  return 0;
}

export async function savePort(dataDir: string, name: string, port: number): Promise<void> {
  await writeFile(join(dataDir, `${name}.port`), String(port));
}
