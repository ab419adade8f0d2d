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
  const quoted = cells.slice(0, QUOTED.cells).map((cell) => JSON.stringify(shownCell(cell, QUOTED.characters)));
  return quoted.join(', ') + (cells.length > quoted.length ? ` and ${cells.length - quoted.length} more` : '');
}
