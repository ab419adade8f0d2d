import { busy } from '../problems/api-problem.ts';

/**
 * A weighted semaphore that refuses instead of letting wait: a queue of clients that wait would have no bound. p-limit
 * and p-queue know only work that waits.
 */
export class Semaphore {
  readonly #refusal: string;
  #free: number;

  /** @param refusal tells a client why it is refused. */
  constructor(permits: number, refusal: string) {
    this.#free = permits;
    this.#refusal = refusal;
  }

  /** @throws ApiProblem `busy` when fewer permits are free. */
  take(permits: number): void {
    if (this.#free < permits) throw busy(this.#refusal);
    this.#free -= permits;
  }

  give(permits: number): void {
    this.#free += permits;
  }

  /** @throws ApiProblem `busy` when fewer permits are free. */
  async run<T>(permits: number, work: () => Promise<T>): Promise<T> {
    this.take(permits);
    try {
      return await work();
    } finally {
      this.give(permits);
    }
  }
}

/**
 * Runs so many at the same time, and refuses others with `busy`.
 *
 * @param what names them to the client that is refused: "dry runs".
 */
export function concurrencyLimit(count: number, what: string): <T>(work: () => Promise<T>) => Promise<T> {
  const semaphore = new Semaphore(count, `This server runs ${count} ${what} at a time, and all are taken.`);
  return (work) => semaphore.run(1, work);
}
