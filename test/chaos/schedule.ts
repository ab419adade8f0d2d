import { setTimeout as delay } from 'node:timers/promises';
import { type Fault, strike } from './faults.ts';
import type { Journal } from './journal.ts';
import { between, type Random, shuffled } from './random.ts';
import type { System } from './system.ts';

/** Pause between two faults of one lane, in milliseconds. */
const PAUSE_MS = { min: 500, max: 3500 };
/** A fault that hit nothing is tried again, but not for ever: a system in which nothing happens shall fail the run. */
const MAX_TRIES = 3;

/** How often each fault struck, and how much it hit in all. */
export type Strikes = Map<Fault, { times: number; hits: number }>;

/** Every fault of a lane `times` times, in an order that the seed decides. */
export function planLane(faults: readonly Fault[], times: number, random: Random): Fault[] {
  return Array.from({ length: times }, () => shuffled(random, faults)).flat();
}

/**
 * Strikes with one fault after the other, each only while there is work in the system: a fault that nobody notices is
 * none.
 */
export async function runLane(
  lane: readonly Fault[],
  system: System,
  random: Random,
  journal: Journal,
  untilBusy: () => Promise<void>,
): Promise<Strikes> {
  const strikes: Strikes = new Map();
  const todo = lane.map((fault) => ({ fault, tries: 0 }));
  for (let next = todo.shift(); next !== undefined; next = todo.shift()) {
    const { fault, tries } = next;
    await untilBusy();
    const hits = await strike(fault, system, random);
    journal.note(`fault: ${fault}`, { hits });
    if (hits > 0) count(strikes, fault, hits);
    else if (tries + 1 < MAX_TRIES) todo.push({ fault, tries: tries + 1 });
    await delay(between(random, PAUSE_MS.min, PAUSE_MS.max));
  }
  return strikes;
}

function count(strikes: Strikes, fault: Fault, hits: number): void {
  const known = strikes.get(fault) ?? { times: 0, hits: 0 };
  strikes.set(fault, { times: known.times + 1, hits: known.hits + hits });
}
