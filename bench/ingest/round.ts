import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type pg from 'pg';
import { type OtherRival, type RivalRuns, runRivals } from '../rivals/rivals.ts';
import { writeRoster } from '../roster.ts';
import { type System, type Usages, usedBetween } from '../system.ts';
import { beginEmpty, countInserted, type Fingerprint, fingerprint, openDatabase, tidySearch } from '../tables.ts';
import { ingest } from '../upload.ts';

export type Round = {
  rows: number;
  rivalsFirst: boolean;
  uploadSeconds: number;
  /** From "upload accepted" to "last row visible". */
  landSeconds: number;
  /** While the file was received and landed. */
  usages: Usages;
  /** What Postgres has left for later: the search index, while nobody imports. */
  tidying: { seconds: number; cpuSeconds: number };
  rivals: RivalRuns;
};

type Plan = {
  directory: string;
  rows: number;
  rivalsFirst: boolean;
  /** Beside `COPY` by one connection. */
  others?: readonly OtherRival[];
};

/** Ferries one file and copies the same rows. @throws unless every row has landed, with the values that COPY gave it. */
export async function runRound(system: System, { directory, rows, rivalsFirst, others = [] }: Plan): Promise<Round> {
  const plan = { directory, rows, others, beforeRowferry: rivalsFirst };
  const before = rivalsFirst ? await runRivals(system, plan) : undefined;
  const { content, ...measured } = await runIngest(system, directory, rows);
  const rivals = before ?? (await runRivals(system, plan));
  requireSame(content, rivals.copy.content, rows);
  return { rows, rivalsFirst, ...measured, rivals };
}

async function runIngest(system: System, directory: string, rows: number) {
  const file = join(directory, 'roster.csv');
  await writeRoster(file, rows);
  const client = await openDatabase(system.databaseUrl);
  try {
    await beginEmpty(client);
    const before = system.usages();
    const { upload, uploadSeconds, landSeconds } = await ingest(system.apiUrl, file);
    const usages = usedBetween(before, system.usages());
    const inserted = await countInserted(client, upload.id);
    if (upload.status !== 'completed' || inserted !== rows) {
      throw new Error(
        `the upload is ${upload.status}, ${inserted} of ${rows} rows are in the ledger: ${JSON.stringify(upload)}`,
      );
    }
    const content = await fingerprint(client, 'employees');
    return { uploadSeconds, landSeconds, usages, content, tidying: await measureTidying(system, client) };
  } finally {
    await client.end();
    await rm(file, { force: true });
  }
}

async function measureTidying(system: System, client: pg.Client): Promise<Round['tidying']> {
  const before = system.usages();
  const started = performance.now();
  await tidySearch(client, system.databaseUrl);
  const seconds = (performance.now() - started) / 1000;
  return { seconds, cpuSeconds: usedBetween(before, system.usages()).postgres.cpuSeconds };
}

function requireSame(ferried: Fingerprint, copied: Fingerprint, rows: number): void {
  if (ferried.rows === rows && copied.rows === rows && ferried.sum === copied.sum) return;
  throw new Error(`not the same rows: ${JSON.stringify({ ferried, copied, rows })}`);
}
