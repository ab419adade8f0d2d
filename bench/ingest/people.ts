import { setTimeout as delay } from 'node:timers/promises';
import { percentile } from '../../apps/load/src/percentiles.ts';
import { LOADS, pathOf } from '../list/cases.ts';
import { employeeAt } from '../roster.ts';

/** What people ask for: the list as it opens, a further page, a search for three or more characters. */
export const KINDS = ['firstPage', 'otherPages', 'searches'] as const;
export type Kind = (typeof KINDS)[number];
/** Milliseconds of each answer. */
export type Times = Record<Kind, number[]>;
export type Asked = { times: Times; failed: number };
/** Milliseconds. Undefined where nothing was asked. */
export type Percentiles = { asked: number; p50: number | undefined; p95: number | undefined; p99: number | undefined };

type People = {
  apiUrl: string;
  clients: number;
  /** Employees of the roster that there are: searches find them. */
  existing: number;
};

/** A person reads what came for 0.5 s to 1.5 s, then asks for something else. */
const THINK_MS = 1000;
const THINK_SPREAD_MS = 1000;
/** Each asks once within the first second. */
const STAGGER_MS = 1000;
/** Requests of each kind and client before anything is measured, until connections are made and V8 has compiled. */
const WARM_UP = 3;
const MAX_PAGE = 97;
const VARIANTS = 20;

/** Clients that page and search until `stop`. Each asks at least once. They have warmed up when the promise resolves. */
export async function startPeople({ apiUrl, clients, existing }: People): Promise<{ stop(): Promise<Asked> }> {
  const paths = pathsFor(existing);
  const ask = async (kind: Kind, turn: number): Promise<boolean> => {
    const response = await fetch(apiUrl + (paths[kind][turn % paths[kind].length] ?? ''));
    await response.arrayBuffer();
    return response.ok;
  };
  const all = Array.from({ length: clients }, (_, client) => client);
  await Promise.all(all.map((client) => warmUp((kind, turn) => ask(kind, client + turn))));

  const asked: Asked = { times: { firstPage: [], otherPages: [], searches: [] }, failed: 0 };
  const stopping = new AbortController();
  const beAPerson = async (client: number) => {
    await delay((client / clients) * STAGGER_MS);
    for (let turn = client; ; turn++) {
      const kind = KINDS[turn % KINDS.length] ?? 'firstPage';
      const started = performance.now();
      const isAnswered = await ask(kind, turn).catch(() => false);
      if (isAnswered) asked.times[kind].push(performance.now() - started);
      else asked.failed++;
      if (stopping.signal.aborted) return;
      await delay(thinkMs(), undefined, { signal: stopping.signal }).catch(() => {});
      if (stopping.signal.aborted) return;
    }
  };
  const people = Promise.all(all.map(beAPerson));
  return {
    async stop() {
      stopping.abort();
      await people;
      return asked;
    },
  };
}

export function percentilesOf(times: readonly number[]): Percentiles {
  return {
    asked: times.length,
    p50: percentile(times, 50),
    p95: percentile(times, 95),
    p99: percentile(times, 99),
  };
}

async function warmUp(ask: (kind: Kind, turn: number) => Promise<boolean>): Promise<void> {
  for (let turn = 0; turn < WARM_UP; turn++)
    for (const kind of KINDS)
      if (!(await ask(kind, turn))) throw new Error(`a client’s first requests (${kind}) failed`);
}

function thinkMs(): number {
  return THINK_MS + (Math.random() - 0.5) * THINK_SPREAD_MS;
}

function pathsFor(existing: number): Record<Kind, string[]> {
  const terms = LOADS.find(({ name }) => name === 'search')?.asked ?? [];
  const people = Array.from({ length: VARIANTS }, (_, index) => employeeAt(Math.floor((index * existing) / VARIANTS)));
  return {
    firstPage: [pathOf({})],
    otherPages: Array.from({ length: MAX_PAGE - 1 }, (_, index) => pathOf({ page: index + 2 })),
    searches: [...terms, ...people.map(({ email }) => ({ searchTerm: email.split('@')[0] ?? '' }))].map(pathOf),
  };
}
