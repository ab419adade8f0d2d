import { reportGoals } from '../goals.ts';
import { median, saveResults, say, sayTable, whole } from '../results.ts';
import { rateOf, ratioTo } from './ratios.ts';
import { type Round, runRound } from './round.ts';
import { type Run, withSystem } from './run.ts';

/** Files that are sent after a start: the first is the first, the second belongs to neither, the others are warm. */
const FILES = 7;
const NOT_WARM = 2;

/** One start of Rowferry. */
type SmallFiles = { first: Round; warm: Round[] };

/** Small files, each of the same employees into empty tables: the first one after a start, and those after the second. */
export async function measureSmallFiles(run: Run, rows: number): Promise<void> {
  const starts: SmallFiles[] = [];
  for (let number = 0; number < run.rounds; number++) {
    starts.push(await runFiles(run, rows));
    say(`round ${number + 1}: ${sayRatios(starts.slice(-1))}`);
  }
  const first = starts.map((start) => start.first);
  const warm = starts.flatMap((start) => start.warm);
  const line = (label: string, rounds: readonly Round[], ratio: number) => [
    label,
    whole(rateOf(rounds)),
    whole(rateOf(rounds, 'copy')),
    ratio.toFixed(2),
  ];
  const { smallFirstOfCopy, smallWarmOfCopy } = ratiosOf(starts);
  say('');
  sayTable([
    [`files of ${whole(rows)} rows`, 'rows/s', 'COPY rows/s', 'ratio'],
    line('first after a start', first, smallFirstOfCopy),
    line(`warm, median of ${FILES - NOT_WARM} a start`, warm, smallWarmOfCopy),
  ]);
  const ratios = reportGoals(ratiosOf(starts), `${whole(rows)} rows`);
  saveResults('ingest-small', { rows, rowsPerMessage: run.rowsPerMessage ?? 'by size', ratios, starts });
}

function runFiles(run: Run, rows: number): Promise<SmallFiles> {
  const { directory } = run;
  return withSystem(run, async (system) => {
    const first = await runRound(system, { directory, rows, rivalsFirst: false });
    const later: Round[] = [];
    for (let file = 1; file < FILES; file++)
      later.push(await runRound(system, { directory, rows, rivalsFirst: file % 2 === 0 }));
    return { first, warm: later.slice(NOT_WARM - 1) };
  });
}

function ratiosOf(starts: readonly SmallFiles[]) {
  return {
    smallFirstOfCopy: median(starts.map(({ first }) => ratioTo([first], 'copy'))),
    smallWarmOfCopy: median(starts.map(({ warm }) => ratioTo(warm, 'copy'))),
  };
}

function sayRatios(starts: readonly SmallFiles[]): string {
  const { smallFirstOfCopy, smallWarmOfCopy } = ratiosOf(starts);
  return `first after a start ${smallFirstOfCopy.toFixed(2)} of COPY, warm ${smallWarmOfCopy.toFixed(2)}`;
}
