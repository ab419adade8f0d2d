const SECOND = 1000;
/** How far back is looked: long enough to even out parts, short enough to follow a line that changes. */
const WINDOW_MS = 20 * SECOND;
/** Before this nothing is said. */
const KNOWN_AFTER_MS = 2 * SECOND;

/** How long the rest of something takes at the pace of the last seconds. */
export class Pace {
  #samples: { at: number; done: number }[] = [];

  /** @returns seconds until `total`; null while nothing is known of the pace. */
  secondsLeft(done: number, total: number, at = performance.now()): number | null {
    this.#samples = [...this.#samples.filter((sample) => at - sample.at <= WINDOW_MS), { at, done }];
    const [first] = this.#samples;
    if (first === undefined || at - first.at < KNOWN_AFTER_MS || done <= first.done) return null;
    const perMs = (done - first.done) / (at - first.at);
    return Math.ceil((total - done) / perMs / SECOND);
  }
}
