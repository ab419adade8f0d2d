import type { RowError } from '@rowferry/roster';

/** One reason to reject rows: the message of the first, how many have it, and the first of their lines. */
export type ProblemKind = RowError & { count: number; lines: number[] };

export const PROBLEM_LINES_MAX = 10;

/** Counts reasons while rows come in, in the order of their lines. Memory: a few lines for each code and column. */
export class ProblemKinds {
  readonly #kinds = new Map<string, ProblemKind>();

  see({ line, errors }: { line: number; errors: readonly RowError[] }): void {
    for (const { code, column, message } of errors) {
      const key = `${code} ${column}`;
      const kind = this.#kinds.get(key) ?? { code, column, message, count: 0, lines: [] };
      kind.count++;
      if (kind.lines.length < PROBLEM_LINES_MAX) kind.lines.push(line);
      this.#kinds.set(key, kind);
    }
  }

  /** The most frequent first. */
  list(): ProblemKind[] {
    return [...this.#kinds.values()].toSorted((a, b) => b.count - a.count);
  }
}
