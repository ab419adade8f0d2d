import type { DryRun } from '../api/types.ts';

export type FileColumn = DryRun['fileColumns'][number];

/** Characters of a header cell that settings take. */
const CELL_MAX = 200;

/** How settings name a column of a file: by its header cell, or by its position where no cell tells it apart. */
export function sourceOf({ position, cell }: FileColumn, columns: readonly FileColumn[]): string | number {
  if (cell === null || cell === '' || cell.length > CELL_MAX) return position;
  return columns.filter((other) => other.cell === cell).length === 1 ? cell : position;
}

/** The column that settings name so. */
export function columnOf(source: string | number, columns: readonly FileColumn[]): FileColumn | undefined {
  return columns.find(({ position, cell }) => (typeof source === 'number' ? position === source : cell === source));
}
