/** Where the walk that left a trail stood when it stopped. Offsets are in units from the beginning of the input. */
export type Frontier =
  /** Between quoted fields, at `at`; the unquoted text there began at `floor`. */
  | { where: 'outside'; at: number; floor: number }
  /**
   * In the quoted field opened at `open`; nothing before `at` closes it. If `at` is a quote, whether it closes depends on
   * what comes after the spaces behind it, which reach to `spacesTo` at least (0: not looked at).
   */
  | { where: 'inside'; at: number; open: number; spacesTo: number }
  /** In a place from which no walk goes on (an unquoted field over the bound). */
  | { where: 'dead'; at: number };

/**
 * What a walk over a record that turned out broken has learned, so that the next lines need not learn it again.
 *
 * After a broken record scanning goes on at the next physical line, deep inside what was just read. Without memory a file in
 * which every line opens a quote would cost 64 KiB (a chain of quoted fields even 256 KiB) of reading for every line of it.
 * But whether a quote closes a field depends only on what stands right around it, not on where the field was opened: so
 * two walks that are both inside quotes at the same place find the same closing quote, and from there on are the same walk.
 * A walk that meets the trail of an earlier one therefore jumps to where that one stopped (`frontier`).
 */
export class Trail {
  /** Three numbers a closed quoted field, in file order: after its opening quote, its closing quote, what ended it. */
  readonly #fields: number[] = [];
  #length = 0;
  /** What of #fields lies before the frontier, and so is known to lead there. */
  #settled = 0;
  #frontier: Frontier = { where: 'dead', at: 0 };

  get frontier(): Frontier {
    return this.#frontier;
  }

  clear(): void {
    this.#length = 0;
    this.#settled = 0;
  }

  /** Forgets what was added after the frontier, by a walk that ran out of input and will come again. */
  backToFrontier(): void {
    this.#length = this.#settled;
  }

  /** The array is reused, so that this may be called for every quoted field of every record. */
  add(from: number, quote: number, end: number): void {
    const at = this.#length;
    this.#fields[at] = from;
    this.#fields[at + 1] = quote;
    this.#fields[at + 2] = end;
    this.#length = at + 3;
  }

  settle(frontier: Frontier): void {
    this.#frontier = frontier;
    this.#settled = this.#length;
  }

  /** What ended the closed quoted field in which `position` is, or -1. */
  endOfField(position: number): number {
    const count = this.#settled / 3;
    let low = 0;
    let high = count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#fields[middle * 3 + 1] ?? 0) < position) low = middle + 1;
      else high = middle;
    }
    if (low === count || (this.#fields[low * 3] ?? 0) > position) return -1;
    return this.#fields[low * 3 + 2] ?? -1;
  }
}
