import { COLUMNS, type Column, declarationOf } from './columns.ts';

const COLUMN_BY_NAME: ReadonlyMap<string, Column> = new Map(
  COLUMNS.flatMap((column) => declarationOf(column).headerNames.map((name) => [foldName(name), column] as const)),
);

/** Characters of a header cell that can name a column, with much room for what is left out. */
const CELL_MAX = 200;

/** The column that a header cell names, if it is one of ours. */
export function columnNamed(cell: string): Column | undefined {
  // Before anything is made of it: normalising takes time by the square of the length.
  return cell.length > CELL_MAX ? undefined : COLUMN_BY_NAME.get(foldName(cell));
}

/** What is left out: case, spaces of any kind, `_`, `-` and all other punctuation, and a byte order mark in the text. */
function foldName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}
