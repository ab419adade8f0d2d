import { saveResults, sayTable, whole } from '../results.ts';
import { rateOf, ratioTo } from './ratios.ts';
import { type Round, runRound } from './round.ts';
import { type Run, runRounds, withSystem } from './run.ts';

const TABLE_SIZES = [10_000, 100_000, 1_000_000, 5_000_000];
const FIRST_ROWS = 10_000;

/** Does the rate depend on the size of the file? */
export async function measureSizes(run: Run): Promise<void> {
  const sizes: { file: string; rounds: Round[] }[] = [];
  await withSystem(run, async (system) => {
    // V8 has compiled nothing yet: what a first small file takes says little of the next.
    const first = await runRound(system, { directory: run.directory, rows: FIRST_ROWS, rivalsFirst: false });
    sizes.push({ file: `the first, ${whole(FIRST_ROWS)}`, rounds: [first] });
    for (const rows of TABLE_SIZES) sizes.push({ file: whole(rows), rounds: await runRounds(system, run, { rows }) });
  });
  sayTable([
    ['rows in the file', 'rows/s', 'COPY rows/s', 'ratio'],
    ...sizes.map(({ file, rounds }) => [
      file,
      whole(rateOf(rounds)),
      whole(rateOf(rounds, 'copy')),
      ratioTo(rounds, 'copy').toFixed(2),
    ]),
  ]);
  saveResults('ingest-sizes', { rowsPerMessage: run.rowsPerMessage ?? 'by size', sizes });
}
