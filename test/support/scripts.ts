import { readFile } from 'node:fs/promises';
import { z } from 'zod';

const manifest = z.object({ scripts: z.record(z.string(), z.string()) });

/** The npm scripts of the root. */
export async function readScripts(): Promise<Record<string, string>> {
  return manifest.parse(JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))).scripts;
}
