import { join } from 'node:path';
import { say, whole } from '../results.ts';
import type { OtherRival } from '../rivals/rivals.ts';
import { type System, startSystem } from '../system.ts';
import { rateOf, ratioTo } from './ratios.ts';
import { type Round, runRound } from './round.ts';

/** What all measurements of one command have in common. */
export type Run = {
  directory: string;
  rounds: number;
  /** Undefined: as follows from the size of the file. */
  rowsPerMessage: string | undefined;
};

/** `npm start` on an empty directory, or on what an earlier one of the same run has left in it. */
export async function withSystem<T>(
  { directory, rowsPerMessage }: Omit<Run, 'rounds'>,
  use: (system: System) => Promise<T>,
): Promise<T> {
  const environment = rowsPerMessage === undefined ? {} : { ROWS_PER_MESSAGE: rowsPerMessage };
  const system = await startSystem(join(directory, 'data'), environment);
  try {
    return await use(system);
  } finally {
    await system.stop();
  }
}

/** Rivals go first in one round and last in the next, so that neither gains by its place. */
export async function runRounds(
  system: System,
  { directory, rounds }: Run,
  { rows, others = [] }: { rows: number; others?: readonly OtherRival[] },
): Promise<Round[]> {
  const done: Round[] = [];
  for (let number = 0; number < rounds; number++) {
    const round = await runRound(system, { directory, rows, others, rivalsFirst: number % 2 === 0 });
    done.push(round);
    say(`round ${number + 1}: ${sayRound(round)}`);
  }
  return done;
}

function sayRound(round: Round): string {
  const { copyByTwo } = round.rivals;
  const ofTwo = copyByTwo === undefined ? '' : `, ${ratioTo([round], 'copyByTwo').toFixed(2)} of two connections`;
  return (
    `${whole(rateOf([round]))} rows/s, COPY ${whole(rateOf([round], 'copy'))} rows/s, ` +
    `${ratioTo([round], 'copy').toFixed(2)} of COPY${ofTwo}`
  );
}
