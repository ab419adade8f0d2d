import { ApiProblem } from '../problems/catalogue.ts';

/** Seconds after which a client may try again. */
const RETRY_AFTER_SECONDS = 5;

/** Lets so much costly work go on at the same time as a total allows, each with a share of it. */
export class Budget {
  readonly #refusal: string;
  #left: number;

  /** @param refusal tells a client for whom nothing is left why it is refused. */
  constructor(total: number, refusal: string) {
    this.#left = total;
    this.#refusal = refusal;
  }

  /** @throws ApiProblem `busy` when less than the share is left: a queue of waiting clients would have no bound. */
  async run<T>(share: number, work: () => Promise<T>): Promise<T> {
    if (this.#left < share) throw busy(this.#refusal);
    this.#left -= share;
    try {
      return await work();
    } finally {
      this.#left += share;
    }
  }
}

/** The problem that says that others are being served, and to come back later. */
export function busy(detail: string): ApiProblem {
  return new ApiProblem('busy', `${detail} Try again later.`, {
    headers: { 'Retry-After': String(RETRY_AFTER_SECONDS) },
  });
}
