import { serviceAway } from '../problems/problem-handler.ts';

/** Lets only so many do something costly at the same time. */
export class Slots {
  readonly #count: number;
  readonly #what: string;
  #taken = 0;

  /** @param what names it to a client that finds all slots taken: "dry runs". */
  constructor(count: number, what: string) {
    this.#count = count;
    this.#what = what;
  }

  /** @throws ApiProblem `unavailable` when all slots are taken: a queue of waiting clients would have no bound. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.#taken === this.#count) {
      throw serviceAway(`${this.#count} ${this.#what} are under way, as many as this server does at once. Try again.`);
    }
    this.#taken++;
    try {
      return await work();
    } finally {
      this.#taken--;
    }
  }
}
