import { valuesOfField } from './cells.ts';
import { EXPECTED_CELL_MAX } from './expected-header.ts';
import type { HeaderSample } from './header.ts';
import { shownCell } from './shown-cells.ts';

/** A column of a file, for a person who says what it is. */
export type FileColumn = {
  /** Of the field, from 1. */
  position: number;
  /** The header cell; null in a file without a header. */
  cell: string | null;
  /** The first values that are not blank. */
  values: string[];
};

/** Columns that are shown at most: nobody chooses among more. */
export const FILE_COLUMNS_MAX = 500;
export const FILE_COLUMN_VALUES_MAX = 3;

/** The columns of a file in its own order and spelling, whether or not Rowferry knows them. */
export function fileColumnsOf({ cells, rows }: HeaderSample): FileColumn[] {
  const width = cells.length > 0 ? cells.length : Math.max(0, ...rows.map((row) => row.length));
  return Array.from({ length: Math.min(width, FILE_COLUMNS_MAX) }, (_, field) => ({
    position: field + 1,
    cell: cells[field]?.slice(0, EXPECTED_CELL_MAX).trim().toWellFormed() ?? null,
    values: valuesOfField(rows, field)
      .slice(0, FILE_COLUMN_VALUES_MAX)
      .map((value) => shownCell(value)),
  }));
}
