import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { newUploadId } from '@rowferry/messages';
import { copy, type Filled } from './rivals.ts';
import { writeCopyInput, writeRoster } from './roster.ts';
import { type System, type Usages, usedBetween } from './system.ts';
import { beginEmpty, countInserted, type Fingerprint, fingerprint, openDatabase } from './tables.ts';
import { ingest } from './upload.ts';

export type Round = {
  rows: number;
  copyFirst: boolean;
  uploadSeconds: number;
  /** From "upload accepted" to "last row visible". */
  landSeconds: number;
  copySeconds: number;
  /** While the file was received and landed. */
  usages: Usages;
  /** Of Postgres while it copied. */
  copyCpuSeconds: number;
};

type Plan = { directory: string; rows: number; copyFirst: boolean };

/** Ferries one file and copies the same rows. @throws unless every row has landed, with the values that COPY gave it. */
export async function runRound(system: System, { directory, rows, copyFirst }: Plan): Promise<Round> {
  const before = copyFirst ? await runCopy(system, directory, rows) : undefined;
  const ferried = await runIngest(system, directory, rows);
  const copied = before ?? (await runCopy(system, directory, rows));
  requireSame(ferried.content, copied.content, rows);
  const { content: _, ...measured } = ferried;
  return { rows, copyFirst, ...measured, copySeconds: copied.seconds, copyCpuSeconds: copied.cpuSeconds };
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
    return { uploadSeconds, landSeconds, usages, content: await fingerprint(client, 'employees') };
  } finally {
    await client.end();
    await rm(file, { force: true });
  }
}

/** `COPY` of the same rows into a table like `employees`, which is empty. */
export async function runCopy(
  system: System,
  directory: string,
  rows: number,
): Promise<Filled & { cpuSeconds: number }> {
  const file = join(directory, 'copy.csv');
  await writeCopyInput(file, rows, newUploadId());
  const client = await openDatabase(system.databaseUrl);
  try {
    await beginEmpty(client);
    const before = system.usages();
    const filled = await copy(system.databaseUrl, file);
    return { ...filled, cpuSeconds: usedBetween(before, system.usages()).postgres.cpuSeconds };
  } finally {
    await client.end();
    await rm(file, { force: true });
  }
}

function requireSame(ferried: Fingerprint, copied: Fingerprint, rows: number): void {
  if (ferried.rows === rows && copied.rows === rows && ferried.sum === copied.sum) return;
  throw new Error(`not the same rows: ${JSON.stringify({ ferried, copied, rows })}`);
}
