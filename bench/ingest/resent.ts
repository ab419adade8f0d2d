import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { reportGoals } from '../goals.ts';
import { median, saveResults, say, sayTable, whole } from '../results.ts';
import { runCopy } from '../rivals/rivals.ts';
import { writeRoster } from '../roster.ts';
import { type System, type Usages, usedBetween } from '../system.ts';
import { beginEmpty, markCompleted, openDatabase, walBytes } from '../tables.ts';
import { ingest, type Upload } from '../upload.ts';
import { type Run, withSystem } from './run.ts';

/** One file: by `COPY` into an empty table, sent for the first time, and sent again while nothing about it has changed. */
type ResentRound = {
  rows: number;
  copy: { seconds: number; cpuSeconds: number };
  first: Sent;
  again: Sent;
};

type Sent = { seconds: number; usages: Usages; walBytes: number };

type Plan = { directory: string; rows: number; copyFirst: boolean };

/** What happens every month: the same roster again. */
export async function measureResent(run: Run, rows: number): Promise<void> {
  const { directory, rowsPerMessage = 'by size' } = run;
  const rounds: ResentRound[] = [];
  await withSystem(run, async (system) => {
    for (let number = 0; number < run.rounds; number++) {
      const round = await runRound(system, { directory, rows, copyFirst: number % 2 === 0 });
      rounds.push(round);
      say(`round ${number + 1}: sent again ${ratioOf(round).toFixed(2)} of COPY`);
    }
  });
  report(rounds);
  const ratios = reportGoals({ resentOfCopy: median(rounds.map(ratioOf)) }, `${whole(rows)} rows`);
  saveResults('ingest-resent', { rows, rowsPerMessage, ratios, rounds });
}

/** @throws unless the first file's rows are all inserted and the second's are all unchanged. */
async function runRound(system: System, { directory, rows, copyFirst }: Plan): Promise<ResentRound> {
  const file = join(directory, 'roster.csv');
  const client = await openDatabase(system.databaseUrl);
  const send = async (outcome: string): Promise<Sent> => {
    const before = system.usages();
    const walBefore = await walBytes(client);
    const { upload, landSeconds } = await ingest(system.apiUrl, file);
    requireAll(upload, outcome, rows);
    // As the API's maintenance does within a minute: a file that is sent again a month later finds it done.
    await markCompleted(client);
    return {
      seconds: landSeconds,
      usages: usedBetween(before, system.usages()),
      walBytes: (await walBytes(client)) - walBefore,
    };
  };
  try {
    const before = copyFirst ? await runCopy(system, directory, rows) : undefined;
    await writeRoster(file, rows);
    await beginEmpty(client);
    const first = await send('inserted');
    const again = await send('unchanged');
    const { seconds, cpuSeconds } = before ?? (await runCopy(system, directory, rows));
    return { rows, copy: { seconds, cpuSeconds }, first, again };
  } finally {
    await client.end();
    await rm(file, { force: true });
  }
}

function requireAll(upload: Upload, outcome: string, rows: number): void {
  if (upload.status === 'completed' && upload.counts[outcome] === rows) return;
  throw new Error(`not all ${rows} rows are ${outcome}: ${JSON.stringify(upload)}`);
}

function report(rounds: readonly ResentRound[]): void {
  const rows = rounds[0]?.rows ?? 0;
  const line = (label: string, which: 'first' | 'again') => [
    `${label}, ${whole(rows)} rows`,
    whole(rows / median(rounds.map((round) => round[which].seconds))),
    median(rounds.map((round) => round.copy.seconds / round[which].seconds)).toFixed(2),
    perRow(rounds, (round) => round[which].usages.postgres.cpuSeconds * 1e6),
    perRow(rounds, (round) => cpuOf(round[which].usages) * 1e6),
    whole(median(rounds.map((round) => round[which].walBytes)) / rows),
  ];
  const copyRate = whole(rows / median(rounds.map(({ copy }) => copy.seconds)));
  const copyCpu = perRow(rounds, ({ copy }) => copy.cpuSeconds * 1e6);
  say('');
  sayTable([
    ['', 'rows/s', 'of COPY', 'Postgres, CPU µs a row', 'all, CPU µs a row', 'WAL bytes a row'],
    ['COPY into an empty table', copyRate, '', copyCpu, copyCpu, ''],
    line('Rowferry, sent for the first time', 'first'),
    line('Rowferry, sent again, all unchanged', 'again'),
  ]);
}

function ratioOf({ copy, again }: ResentRound): number {
  return copy.seconds / again.seconds;
}

function cpuOf({ api, worker, emulator, postgres }: Usages): number {
  return api.cpuSeconds + worker.cpuSeconds + emulator.cpuSeconds + postgres.cpuSeconds;
}

function perRow(rounds: readonly ResentRound[], amount: (round: ResentRound) => number): string {
  return median(rounds.map((round) => amount(round) / round.rows)).toFixed(1);
}
