/**
 * Does work of one kind, so many at a time, the rest in the order in which it came. Each piece has an id, so that it can be
 * told whether it is under way.
 */
export class WorkQueue<Item> {
  readonly #atOnce: number;
  readonly #capacity: number;
  readonly #work: (id: string, item: Item) => Promise<void>;
  readonly #waiting = new Map<string, Item>();
  readonly #running = new Map<string, Promise<void>>();

  /**
   * @param capacity how many it holds, those that are being done among them.
   * @param work must not reject.
   */
  constructor(
    { atOnce, capacity }: { atOnce: number; capacity: number },
    work: (id: string, item: Item) => Promise<void>,
  ) {
    this.#atOnce = atOnce;
    this.#capacity = capacity;
    this.#work = work;
  }

  has(id: string): boolean {
    return this.#waiting.has(id) || this.#running.has(id);
  }

  get isFull(): boolean {
    return this.#waiting.size + this.#running.size >= this.#capacity;
  }

  add(id: string, item: Item): void {
    this.#waiting.set(id, item);
    this.#startNext();
  }

  /** Until it is not full. */
  async room(): Promise<void> {
    while (this.isFull) await Promise.race(this.#running.values());
  }

  /** Forgets what waits. */
  clear(): void {
    this.#waiting.clear();
  }

  /** Forgets what waits; ends with what is being done. */
  async end(): Promise<void> {
    this.clear();
    await Promise.all(this.#running.values());
  }

  #startNext(): void {
    for (const [id, item] of this.#waiting) {
      if (this.#running.size >= this.#atOnce) return;
      this.#waiting.delete(id);
      const done = this.#work(id, item).finally(() => {
        this.#running.delete(id);
        this.#startNext();
      });
      this.#running.set(id, done);
    }
  }
}
