import { setTimeout as delay } from 'node:timers/promises';
import { type Fault, NETWORK_FAULTS, PROCESS_FAULTS, SERVICE_FAULTS, strike } from './faults.ts';
import type { Journal } from './journal.ts';
import { between, type Random, shuffled } from './random.ts';
import type { System } from './system.ts';

/** Faults that come one after the other; those of other lanes go on at the same time. */
export type WorkQueue = {
  faults: readonly Fault[];
  /** Pause between two of them, in milliseconds. */
  pause: { min: number; max: number };
};

export const LANES: readonly WorkQueue[] = [
  { faults: PROCESS_FAULTS, pause: { min: 2000, max: 6000 } },
  { faults: NETWORK_FAULTS, pause: { min: 500, max: 2500 } },
  { faults: SERVICE_FAULTS, pause: { min: 4000, max: 10_000 } },
];

/** A fault that hit nothing is tried again, but not for ever: a system in which nothing happens shall fail the run. */
const MAX_ATTEMPTS = 3;

/** How often each fault struck, and how much it hit in all. */
export type Strikes = Map<Fault, { times: number; hits: number }>;

/**
 * Strikes with every fault of a lane `times` times, in an order that the seed decides; each only while there is work in
 * the system: a fault that nobody notices is none.
 */
export async function runLane(
  { faults, pause }: WorkQueue,
  times: number,
  system: System,
  random: Random,
  journal: Journal,
  untilBusy: () => Promise<void>,
): Promise<Strikes> {
  const strikes: Strikes = new Map();
  const todo = Array.from({ length: times }, () =>
    shuffled(random, faults).map((fault) => ({ fault, tries: 0 })),
  ).flat();
  for (let next = todo.shift(); next !== undefined; next = todo.shift()) {
    const { fault, tries } = next;
    await untilBusy();
    const hits = await strike(fault, system, random);
    journal.note(`fault: ${fault}`, { hits });
    if (hits > 0) count(strikes, fault, hits);
    else if (tries + 1 < MAX_ATTEMPTS) todo.push({ fault, tries: tries + 1 });
    await delay(between(random, pause.min, pause.max));
  }
  return strikes;
}

function count(strikes: Strikes, fault: Fault, hits: number): void {
  const known = strikes.get(fault) ?? { times: 0, hits: 0 };
  strikes.set(fault, { times: known.times + 1, hits: known.hits + hits });
}
