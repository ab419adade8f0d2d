type Asking<T> = { ended: Promise<void>; next?: Promise<T> };

/**
 * Has a question that many ask at the same time answered once for all of them (request coalescing). An answer is shared
 * only by those who asked before it was begun: one that was begun earlier could lack what the client has just written.
 */
export class Coalescer<T> {
  readonly #asking = new Map<string, Asking<T>>();

  /** @param key the same for questions that have the same answer. */
  ask(key: string, answer: () => Promise<T>): Promise<T> {
    const asking = this.#asking.get(key);
    if (asking === undefined) return this.#begin(key, answer);
    asking.next ??= asking.ended.then(() => this.#begin(key, answer));
    return asking.next;
  }

  #begin(key: string, answer: () => Promise<T>): Promise<T> {
    const answered = answer();
    const removeUnlessAwaited = () => {
      if (asking.next === undefined) this.#asking.delete(key);
    };
    const asking: Asking<T> = { ended: answered.then(removeUnlessAwaited, removeUnlessAwaited) };
    this.#asking.set(key, asking);
    return answered;
  }
}
