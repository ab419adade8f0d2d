import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { newUploadId } from '@rowferry/messages';
import { say } from '../results.ts';
import { writeCopyInput } from '../roster.ts';
import { type System, usedBetween } from '../system.ts';
import { beginEmpty, openDatabase } from '../tables.ts';
import { copy, copyByTwo, copyThenIndex } from './copy.ts';
import { hasPgloader, pgloader } from './pgloader.ts';
import type { Filled } from './rival-table.ts';

type Fill = (databaseUrl: string, file: string) => Promise<Filled>;

const FILLS = { copy, copyByTwo, copyThenIndex, pgloader } satisfies Record<string, Fill>;

/** What fills a table with the same rows. */
export type Rival = keyof typeof FILLS;
/** Those that a run may leave out. */
export type OtherRival = Exclude<Rival, 'copy'>;

/** `cpuSeconds`: of Postgres. */
export type RivalRun = Filled & { cpuSeconds: number };
export type RivalRuns = { copy: RivalRun } & Partial<Record<OtherRival, RivalRun>>;

export const RIVAL_LABELS: Record<Rival, string> = {
  copy: 'COPY of the same rows, one connection',
  copyByTwo: 'COPY, two connections at once',
  copyThenIndex: 'COPY, one connection, search index made afterwards',
  pgloader: 'pgloader',
};

/** All that this machine has. Says which it has not. */
export async function installedRivals(): Promise<OtherRival[]> {
  if (await hasPgloader()) return ['copyByTwo', 'copyThenIndex', 'pgloader'];
  say('pgloader is not installed: left out');
  return ['copyByTwo', 'copyThenIndex'];
}

type Plan = {
  directory: string;
  rows: number;
  others: readonly OtherRival[];
  /** `COPY` comes last of them if true and first if not: beside what it is compared with. */
  beforeRowferry: boolean;
};

/** Each in turn, with nothing else running. pgloader, when it fails or brings other rows, is left out. */
export async function runRivals(system: System, plan: Plan): Promise<RivalRuns> {
  return withCopyInput(plan, async (file) => {
    if (plan.beforeRowferry) {
      const others = await runOthers(system, plan.others.toReversed(), file);
      return leaveOutWrong({ copy: await runRival(system, 'copy', file), ...others });
    }
    const run = await runRival(system, 'copy', file);
    return leaveOutWrong({ copy: run, ...(await runOthers(system, plan.others, file)) });
  });
}

/** `COPY` by one connection alone. */
export function runCopy(system: System, directory: string, rows: number): Promise<RivalRun> {
  return withCopyInput({ directory, rows }, (file) => runRival(system, 'copy', file));
}

async function withCopyInput<T>(
  { directory, rows }: { directory: string; rows: number },
  use: (file: string) => Promise<T>,
): Promise<T> {
  const file = join(directory, 'copy.csv');
  await writeCopyInput(file, rows, newUploadId());
  try {
    return await use(file);
  } finally {
    await rm(file, { force: true });
  }
}

async function runOthers(system: System, rivals: readonly OtherRival[], file: string) {
  const runs: Partial<Record<OtherRival, RivalRun>> = {};
  for (const rival of rivals) {
    try {
      runs[rival] = await runRival(system, rival, file);
    } catch (error) {
      if (rival !== 'pgloader') throw error;
      say(`pgloader failed: left out. ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return runs;
}

async function runRival({ databaseUrl, usages }: System, rival: Rival, file: string): Promise<RivalRun> {
  const client = await openDatabase(databaseUrl);
  try {
    await beginEmpty(client);
    const before = usages();
    const filled = await FILLS[rival](databaseUrl, file);
    return { ...filled, cpuSeconds: usedBetween(before, usages()).postgres.cpuSeconds };
  } finally {
    await client.end();
  }
}

/** @throws when it is `COPY` that brings other rows. */
function leaveOutWrong({ pgloader: loaded, ...copies }: RivalRuns): RivalRuns {
  const { content } = copies.copy;
  const isSame = (run: RivalRun) => run.content.rows === content.rows && run.content.sum === content.sum;
  if (!Object.values(copies).every(isSame)) throw new Error(`COPY brought different rows: ${JSON.stringify(copies)}`);
  if (loaded === undefined) return copies;
  if (isSame(loaded)) return { ...copies, pgloader: loaded };
  say(`pgloader brought other rows: left out. ${JSON.stringify({ pgloader: loaded.content, copy: content })}`);
  return copies;
}
