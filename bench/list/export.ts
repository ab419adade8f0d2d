import { canMeasure, usageOf } from '../processes.ts';
import type { ServerProcess } from './server-process.ts';

export type Exported = { rows: number; bytes: number; seconds: number; rssBeforeMib?: number; peakRssMib?: number };

const NEWLINE = 0x0a;

/** Downloads all employees as one CSV file. */
export async function measureExport(api: ServerProcess): Promise<Exported> {
  const before = peakRss(api);
  const started = performance.now();
  const { body } = await fetch(`${api.url}/v1/employees.csv`);
  let lines = 0;
  let bytes = 0;
  for await (const chunk of body ?? new ReadableStream<Uint8Array>()) {
    bytes += chunk.byteLength;
    for (const byte of chunk) if (byte === NEWLINE) lines++;
  }
  const seconds = (performance.now() - started) / 1000;
  const after = peakRss(api);
  return {
    rows: lines - 1,
    bytes,
    seconds,
    ...(before === undefined ? {} : { rssBeforeMib: before }),
    ...(after === undefined ? {} : { peakRssMib: after }),
  };
}

function peakRss(api: ServerProcess): number | undefined {
  return canMeasure ? usageOf([api.pid]).peakRssMib : undefined;
}
