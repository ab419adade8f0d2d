import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isFreePort } from '@rowferry/embedded';

/**
 * A port for an embedded server: the one of the last run while it is free, so that URLs stay the same from run to run;
 * 0 (any) at the first run and when something else has it by now.
 */
export async function savedPort(dataDir: string, name: string): Promise<number> {
  const text = await readFile(join(dataDir, `${name}.port`), 'utf8').catch(() => '0');
  const port = Number(text);
  return Number.isInteger(port) && (await isFreePort(port)) ? port : 0;
}

export async function savePort(dataDir: string, name: string, port: number): Promise<void> {
  await writeFile(join(dataDir, `${name}.port`), String(port));
}
