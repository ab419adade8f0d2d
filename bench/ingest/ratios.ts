import { median } from '../results.ts';
import type { Rival } from '../rivals/rivals.ts';
import type { Round } from './round.ts';

/** Rows a second, of Rowferry or of a rival: the median of the rounds that have it, NaN without. */
export function rateOf(rounds: readonly Round[], rival?: Rival): number {
  const rates = rounds.map((round) => round.rows / (rival === undefined ? round.landSeconds : secondsOf(round, rival)));
  return median(rates.filter(Number.isFinite));
}

/** Of each round, so that what else the machine did meanwhile weighs on both. */
export function ratioTo(rounds: readonly Round[], rival: Rival): number {
  return median(rounds.map((round) => secondsOf(round, rival) / round.landSeconds).filter(Number.isFinite));
}

/** CPU of Postgres, in microseconds a row. */
export function cpuMicrosOf(rounds: readonly Round[], rival: Rival): number {
  const micros = rounds.map(({ rows, rivals }) => ((rivals[rival]?.cpuSeconds ?? Number.NaN) * 1e6) / rows);
  return median(micros.filter(Number.isFinite));
}

function secondsOf({ rivals }: Round, rival: Rival): number {
  return rivals[rival]?.seconds ?? Number.NaN;
}
