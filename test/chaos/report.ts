import { saveResults, say, sayTable, whole } from '../../bench/results.ts';
import { FAULTS, type Fault } from './faults.ts';
import type { Redriven } from './operator.ts';
import type { Injections } from './schedule.ts';
import type { SqsTally } from './sqs-proxy.ts';
import type { ValidationResult } from './verify.ts';

/** A chaos test in which a fault was hardly injected is no test of it. */
const MIN_INJECTIONS = 5;

/** Some second copies are lost with the emulator that was to take them. */
const DUPLICATED_SHARE = 0.9;

export type Report = {
  seed: number;
  seconds: number;
  injections: Injections;
  always: SqsTally;
  result: ValidationResult;
  retries: number;
  dead: number;
  redriven: Redriven;
};

const HITS: Record<Fault, string> = {
  'worker killed': 'processes',
  'emulator killed': 'processes',
  'backends terminated': 'connections',
  'postgres stopped': 'servers',
  'postgres cut': 'connections',
  'postgres stalled': 'packets late',
  'postgres blackholed': 'packets lost',
  's3/sqs cut': 'connections',
  's3/sqs stalled': 'packets late',
  's3/sqs blackholed': 'packets lost',
  'sends refused': 'messages',
  'sqs throttled': 'requests',
};

/** Prints the report and keeps it as JSON. @returns whether all is well. */
export function printReport({ seed, seconds, injections, always, result, retries, dead, redriven }: Report): boolean {
  const faults = FAULTS.map((fault) => ({
    fault,
    times: injections.get(fault)?.times ?? 0,
    hits: injections.get(fault)?.hits ?? 0,
  }));
  const findings = [
    ...result.findings,
    ...faults
      .filter(({ times }) => times < MIN_INJECTIONS)
      .map(({ fault, times }) => `"${fault}" was injected only ${times} times`),
    ...(always.duplicated < always.sent * DUPLICATED_SHARE ? ['too few messages were delivered twice'] : []),
    ...(always.reordered < MIN_INJECTIONS ? ['hardly a message was reordered'] : []),
  ];
  say('');
  sayTable([
    ['fault', 'injected', 'hit'],
    ...faults.map(({ fault, times, hits }) => [fault, `${times} times`, `${whole(hits)} ${HITS[fault]}`]),
    ['delivered twice', 'always', `${whole(always.duplicated)} of ${whole(always.sent)} messages`],
    ['order shuffled', 'always', `${whole(always.reordered)} messages`],
  ]);
  say('');
  sayTable([
    ['uploads', whole(result.uploads)],
    ['rows in', whole(result.rowsIn)],
    ...Object.entries(result.outcomes).map(([outcome, rows]) => [`  ${outcome}`, whole(rows)]),
    ['ends of uploads delivered', whole(result.ends)],
    ['lost', whole(result.lost)],
    ['twice', whole(result.twice)],
    ['failed attempts of messages', whole(retries)],
    ['rows written in a later attempt', whole(result.writtenLate)],
    ['rows recorded as dead', whole(dead)],
    ['dead rows redriven', whole(redriven.rows)],
    ['files read again', whole(redriven.files)],
    ['seconds', whole(seconds)],
  ]);
  const isWell = findings.length === 0 && result.lost === 0 && result.twice === 0;
  say('');
  for (const finding of findings) say(`  WRONG: ${finding}`);
  say(isWell ? `nothing lost, nothing twice (seed ${seed})` : `FAILED (seed ${seed})`);
  saveResults('chaos', {
    isWell,
    seed,
    seconds,
    faults,
    always,
    result: { ...result, findings },
    retries,
    dead,
    redriven,
  });
  return isWell;
}
