import { newUploadId } from '@rowferry/messages';
import { reportGoals } from '../goals.ts';
import { median, saveResults, say, sayTable, whole } from '../results.ts';
import { naive } from '../rivals/naive.ts';
import { installedRivals, RIVAL_LABELS, type Rival } from '../rivals/rivals.ts';
import type { Part, System } from '../system.ts';
import { cpuMicrosOf, rateOf, ratioTo } from './ratios.ts';
import type { Round } from './round.ts';
import { type Run, runRounds, withSystem } from './run.ts';

const NAIVE_RECEIVERS = [1, 4];

type Sizes = { rows: number; naiveRows: number; singleRows: number; copyOnly: boolean };
type NaiveRun = { receivers: number; rows: number; seconds: number };

/** One large file, beside everything else that fills a table with the same rows. */
export async function measureOneFile(run: Run, { rows, naiveRows, singleRows, copyOnly }: Sizes): Promise<void> {
  const others = copyOnly ? [] : await installedRivals();
  const measured = await withSystem(run, async (system) => ({
    rounds: await runRounds(system, run, { rows, others }),
    naive: await runNaive(system, naiveRows),
  }));
  const single =
    singleRows === 0
      ? []
      : await withSystem({ ...run, rowsPerMessage: '1' }, (system) => runRounds(system, run, { rows: singleRows }));
  report(measured.rounds, measured.naive, single);
  const ratios = reportGoals(
    {
      ofCopy: ratioTo(measured.rounds, 'copy'),
      ofCopyByTwo: copyOnly ? undefined : ratioTo(measured.rounds, 'copyByTwo'),
    },
    `${whole(rows)} rows`,
  );
  saveResults('ingest', { rows, rowsPerMessage: run.rowsPerMessage ?? 'by size', ratios, ...measured, single });
}

async function runNaive(system: System, rows: number): Promise<NaiveRun[]> {
  if (rows === 0) return [];
  const runs: NaiveRun[] = [];
  for (const receivers of NAIVE_RECEIVERS) {
    const { seconds, content } = await naive(system, { rows, receivers, uploadId: newUploadId() });
    if (content.rows !== rows) throw new Error(`the naive design landed ${content.rows} of ${rows} rows`);
    runs.push({ receivers, rows, seconds });
  }
  return runs;
}

function report(rounds: readonly Round[], naiveRuns: readonly NaiveRun[], single: readonly Round[]): void {
  const rivals = rivalsOf(rounds);
  const landed = rateOf(rounds);
  const lines = [
    [`Rowferry, end to end, ${whole(rounds[0]?.rows ?? 0)} rows`, whole(landed), ''],
    ...rivals.map((rival) => [RIVAL_LABELS[rival], whole(rateOf(rounds, rival)), ratioTo(rounds, rival).toFixed(2)]),
    ...naiveRuns.map(({ receivers, rows, seconds }) => [
      `naive, ${receivers} at a time, ${whole(rows)} rows`,
      whole(rows / seconds),
      (landed / (rows / seconds)).toFixed(1),
    ]),
  ];
  if (single.length > 0)
    lines.push([`Rowferry, one row a message, ${whole(single[0]?.rows ?? 0)} rows`, whole(rateOf(single)), '']);
  say('');
  sayTable([['', 'rows/s', 'Rowferry / it'], ...lines]);
  say('');
  sayUsage(rounds, rivals);
}

function sayUsage(rounds: readonly Round[], rivals: readonly Rival[]): void {
  const rows = rounds[0]?.rows ?? 1;
  const parts: [Part, string][] = [
    ['api', 'API'],
    ['worker', 'worker (producer and consumer)'],
    ['emulator', 'S3/SQS emulator'],
    ['postgres', 'Postgres, backends included'],
  ];
  const lines = parts.map(([part, label]) => {
    const cpu = median(rounds.map(({ usages }) => usages[part].cpuSeconds));
    const memory = Math.max(...rounds.map(({ usages }) => usages[part].peakRssMib));
    return [label, cpu.toFixed(1), ((cpu * 1e6) / rows).toFixed(1), whole(memory)];
  });
  const tidying = median(rounds.map((round) => round.tidying.cpuSeconds));
  lines.push(['Postgres afterwards: search index tidied', tidying.toFixed(1), ((tidying * 1e6) / rows).toFixed(1), '']);
  for (const rival of rivals) {
    const micros = cpuMicrosOf(rounds, rival);
    lines.push([`Postgres during: ${RIVAL_LABELS[rival]}`, ((micros * rows) / 1e6).toFixed(1), micros.toFixed(1), '']);
  }
  sayTable([['', 'CPU s', 'µs a row', 'peak RSS of a process, MiB'], ...lines]);
}

/** In the order in which they are printed; pgloader only where a round has it. */
function rivalsOf(rounds: readonly Round[]): Rival[] {
  const all: readonly Rival[] = ['copy', 'copyByTwo', 'copyThenIndex', 'pgloader'];
  return all.filter((rival) => rounds.some(({ rivals }) => rivals[rival] !== undefined));
}
