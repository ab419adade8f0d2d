import { setImmediate as nextTurn } from 'node:timers/promises';

/** Longest that work goes on before everything else gets its turn, in milliseconds. */
const SLICE_MS = 10;

/** Divides long work into slices, between which the event loop serves whatever else is waiting. */
export class TimeSlice {
  #end = performance.now() + SLICE_MS;

  /** Whether it is time for `next`. Takes some 40 ns. */
  get isOver(): boolean {
    return performance.now() >= this.#end;
  }

  /** Lets the event loop go round once, then begins the next slice. */
  async next(): Promise<void> {
    await nextTurn();
    this.#end = performance.now() + SLICE_MS;
  }
}
