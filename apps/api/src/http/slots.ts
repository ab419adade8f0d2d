import { Budget } from './budget.ts';

/** Lets only so many do something costly at the same time. */
export class Slots {
  readonly #budget: Budget;

  /** @param what names it to a client that finds all slots taken: "dry runs". */
  constructor(count: number, what: string) {
    this.#budget = new Budget(count, `${count} ${what} are under way, as many as this server does at once.`);
  }

  /** @throws ApiProblem `busy` when all slots are taken. */
  run<T>(work: () => Promise<T>): Promise<T> {
    return this.#budget.run(1, work);
  }
}
