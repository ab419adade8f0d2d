import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';

/**
 * A port for an embedded server: the one of the last run while it is free, so that URLs stay the same from run to run;
 * 0 (any) at the first run and when something else has it by now.
 */
export async function rememberedPort(dataDir: string, name: string): Promise<number> {
  const text = await readFile(join(dataDir, `${name}.port`), 'utf8').catch(() => '0');
  const port = Number(text);
  return Number.isInteger(port) && (await isFree(port)) ? port : 0;
}

export async function rememberPort(dataDir: string, name: string, port: number): Promise<void> {
  await writeFile(join(dataDir, `${name}.port`), String(port));
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(false));
    probe.listen({ host: '127.0.0.1', port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
