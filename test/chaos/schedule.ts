import { setTimeout as delay } from 'node:timers/promises';
import { type Fault, injectFault, NETWORK_FAULTS, PROCESS_FAULTS, SERVICE_FAULTS } from './faults.ts';
import type { Journal } from './journal.ts';
import { between, type Random, shuffled } from './random.ts';
import type { System } from './system.ts';

/** Faults that come one after the other; those of the other series go on at the same time. */
export type FaultSeries = {
  faults: readonly Fault[];
  /** Pause between two of them, in milliseconds. */
  pause: { min: number; max: number };
};

export const FAULT_SERIES: readonly FaultSeries[] = [
  { faults: PROCESS_FAULTS, pause: { min: 2000, max: 6000 } },
  { faults: NETWORK_FAULTS, pause: { min: 500, max: 2500 } },
  { faults: SERVICE_FAULTS, pause: { min: 4000, max: 10_000 } },
];

/** A fault that hit nothing is injected again, but not for ever: a system in which nothing happens fails the run. */
const MAX_ATTEMPTS = 3;

/** How often each fault was injected, and how much it hit in all. */
export type Injections = Map<Fault, { times: number; hits: number }>;

/**
 * Injects every fault of a series `times` times, in an order that the seed decides; each only while there is work in
 * the system: a fault that nobody notices is none.
 */
export async function runSeries(
  { faults, pause }: FaultSeries,
  times: number,
  system: System,
  random: Random,
  journal: Journal,
  untilBusy: () => Promise<void>,
): Promise<Injections> {
  const injections: Injections = new Map();
  const todo = Array.from({ length: times }, () =>
    shuffled(random, faults).map((fault) => ({ fault, attempts: 0 })),
  ).flat();
  for (let next = todo.shift(); next !== undefined; next = todo.shift()) {
    const { fault, attempts } = next;
    await untilBusy();
    const hits = await injectFault(fault, system, random);
    journal.note(`fault: ${fault}`, { hits });
    if (hits > 0) count(injections, fault, hits);
    else if (attempts + 1 < MAX_ATTEMPTS) todo.push({ fault, attempts: attempts + 1 });
    await delay(between(random, pause.min, pause.max));
  }
  return injections;
}

function count(injections: Injections, fault: Fault, hits: number): void {
  const known = injections.get(fault) ?? { times: 0, hits: 0 };
  injections.set(fault, { times: known.times + 1, hits: known.hits + hits });
}
