/** Characters shown of a header cell. */
const CELL_MAX = 100;
/** Cells quoted in an error text, and characters of each. */
const QUOTED = { cells: 20, characters: 40 };

/** A header cell as it is shown: trimmed, and as much of it as a person reads. */
export function shownCell(cell: string, max = CELL_MAX): string {
  const name = cell.trim();
  return name.length <= max ? name : `${name.slice(0, max - 1).toWellFormed()}…`;
}

/** Header cells for an error text: bounded, since a file that is not a roster can have anything there. */
export function quoteCells(cells: readonly string[]): string {
  return shownList(cells.slice(0, QUOTED.cells).map(quoteCell), cells.length);
}

/** One of them. */
export function quoteCell(cell: string): string {
  return JSON.stringify(shownCell(cell, QUOTED.characters));
}

/** A list of the first texts, and how many are left out of all. */
export function shownList(shown: readonly string[], all: number): string {
  return shown.join(', ') + (all > shown.length ? ` and ${all - shown.length} more` : '');
}
