import { say, sayTable } from './results.ts';

/** A benchmark's measure that has a goal. */
type Goal = {
  measure: string;
  /** The circumstances that the goal is for. */
  at: string;
  unit: 'ratio' | 'ms' | 's' | 'MiB';
} & ({ atLeast: number } | { atMost: number });

/** How fast and how small Rowferry shall be, under the names that the benchmarks' JSON has. */
export const GOALS = {
  ofCopy: { measure: 'end to end, of COPY by one connection', at: '1,000,000 rows', unit: 'ratio', atLeast: 1.25 },
  ofCopyByTwo: {
    measure: 'end to end, of COPY by two connections',
    at: '1,000,000 rows',
    unit: 'ratio',
    atLeast: 0.65,
  },
  smallWarmOfCopy: { measure: 'small file, warm, of COPY', at: '10,000 rows', unit: 'ratio', atLeast: 0.8 },
  smallFirstOfCopy: {
    measure: 'small file, first after a start, of COPY',
    at: '10,000 rows',
    unit: 'ratio',
    atLeast: 0.4,
  },
  resentOfCopy: {
    measure: 'sent again, all unchanged, of COPY into an empty table',
    at: '300,000 rows',
    unit: 'ratio',
    atLeast: 1.5,
  },
  withClientsOfUndisturbed: {
    measure: 'rows/s while 20 clients page and search, of undisturbed',
    at: '1,000,000 rows',
    unit: 'ratio',
    atLeast: 0.8,
  },
  firstPageP95WhileImporting: {
    measure: 'p95 of their first page meanwhile',
    at: '1,000,000 rows',
    unit: 'ms',
    atMost: 50,
  },
  otherPagesOfBarePg: {
    measure: 'other pages at 16 clients, of bare pg',
    at: '1,000,000 employees',
    unit: 'ratio',
    atLeast: 0.6,
  },
  producerImport: { measure: 'import of the producer’s bundle, CPU', at: '15 runs', unit: 'ms', atMost: 150 },
  consumerImport: { measure: 'import of the consumer’s bundle, CPU', at: '15 runs', unit: 'ms', atMost: 150 },
  secondStart: { measure: 'npm start to the first answer, later starts', at: '4 starts', unit: 's', atMost: 2.5 },
  memory: { measure: 'peak RSS of API and of worker', at: 'a file of 1 GiB', unit: 'MiB', atMost: 250 },
  consoleUsable: { measure: 'console can be used after', at: '"Fast 4G", 9 runs', unit: 'ms', atMost: 1500 },
} as const satisfies Record<string, Goal>;

/** p95 of lists and of terms of three or more characters, and of terms of one or two, with 1,000,000 employees. */
export const LIST_P95_MAX_MS = { longTerm: 50, shortTerm: 250 };

export type GoalName = keyof typeof GOALS;
/** What a benchmark has measured of them. */
export type Measured = Partial<Record<GoalName, number | undefined>>;
/** As it stands in the JSON. `now` is null where nothing could be measured. */
export type Judged = { now: number | null; goal: number; isMet: boolean };

/** Prints what was measured, and at which size, beside its goal. @returns the same for the JSON. */
export function reportGoals(measured: Measured, at: string): Partial<Record<GoalName, Judged>> {
  const judged = judge(measured);
  const lines = judged.map(([name, { now, isMet }]) => {
    const goal: Goal = GOALS[name];
    return [goal.measure, shown(now, goal), boundOf(goal), met(now, isMet), goal.at];
  });
  say('');
  sayTable([[`measured: ${at}`, 'now', 'goal', 'met', 'the goal is for'], ...lines]);
  return Object.fromEntries(judged);
}

/** As it is printed: `≥ 0.8`, `≤ 50 ms`. */
export function boundOf(goal: Goal): string {
  const bound = 'atLeast' in goal ? `≥ ${goal.atLeast}` : `≤ ${goal.atMost}`;
  return goal.unit === 'ratio' ? bound : `${bound} ${goal.unit}`;
}

export function judge(measured: Measured): [GoalName, Judged][] {
  const names = Object.keys(GOALS) as GoalName[];
  return names.flatMap((name): [GoalName, Judged][] => {
    const value = measured[name];
    if (value === undefined) return [];
    const goal: Goal = GOALS[name];
    const bound = 'atLeast' in goal ? goal.atLeast : goal.atMost;
    const isMet = 'atLeast' in goal ? value >= bound : value <= bound;
    return [[name, { now: Number.isFinite(value) ? value : null, goal: bound, isMet }]];
  });
}

function shown(now: number | null, { unit }: Goal): string {
  if (now === null) return '?';
  return unit === 'ratio' || unit === 's' ? now.toFixed(2) : now.toFixed(1);
}

function met(now: number | null, isMet: boolean): string {
  if (now === null) return '?';
  return isMet ? 'yes' : 'no';
}
