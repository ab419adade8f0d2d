import { columnNamed } from './column-names.ts';
import { byColumn, COLUMNS, type Column, KEY_COLUMN, REQUIRED_COLUMNS } from './columns.ts';
import type { UploadFailure } from './failure.ts';
import { isInvisible } from './invisible-marks.ts';
import { quoteCells, shownCell } from './shown-cells.ts';

/** Lists of fields in order of preference: those of one list are joined, and the first list that is not blank counts. */
export type FieldAlternatives = readonly (readonly number[])[];

/** Where in a record each column stands. */
export type HeaderMap = {
  /** False where the file has no header and the columns are taken by position. */
  hasHeader: boolean;
  /** Fields in a record, trailing empty header cells left out. */
  width: number;
  /** Index of each column's field, or several of them; an optional column that the file does not have is not in it. */
  positions: { [C in Column]?: number | FieldAlternatives };
  /** Columns that have one value in all rows. No field is read for them. */
  constants?: { [C in Column]?: string } | undefined;
};

/** The header cell that each column is read from; null where the file has no such column, or no header at all. */
export type ColumnSources = Record<Column, string | null>;

/** What a file's first record says. */
export type Header = {
  map: HeaderMap;
  /** The file's own columns in its order and spelling, as many as `width`; those of a positional file are ours. */
  cells: string[];
  columns: ColumnSources;
  /** Header cells that no column is read from, in file order: at most NAMES_MAX, and as much of each as a person reads. */
  ignoredColumns: string[];
};

/** What goes for a file without a header whose records have so many fields: the columns in their own order. */
export function positionalHeader(width: number = COLUMNS.length): Header {
  const columns = COLUMNS.slice(0, width);
  return {
    map: { hasHeader: false, width, positions: Object.fromEntries(columns.map((column, index) => [column, index])) },
    cells: columns,
    columns: byColumn(() => null),
    ignoredColumns: [],
  };
}

export type HeaderResult = { ok: true; header: Header } | { ok: false; failure: UploadFailure };

/** Cells that a header may have: as many columns as a sheet of Excel or LibreOffice has. */
const CELLS_MAX = 16_384;
/** Columns named at most; of a file with a thousand it is enough to see that. With what is shown of each it keeps messages below 64 KiB. */
const NAMES_MAX = 100;

/**
 * Reads a file's first record: a header by its names, in any order; or, where no name matches and it looks like
 * an employee (as many fields as there are columns, the key where it belongs), data without a header.
 */
export function readHeader(record: readonly string[]): HeaderResult {
  const cells = withoutTrailingEmpty(record);
  if (cells.length > CELLS_MAX) return { ok: false, failure: tooManyColumns(cells.length) };
  const named = cells.map(columnNamed);
  const found = cellsByColumn(cells, named);
  if (found.size === 0 && looksLikeEmployee(cells)) return { ok: true, header: positionalHeader(cells.length) };
  const ambiguous = COLUMNS.filter((column) => (found.get(column)?.length ?? 0) > 1);
  if (ambiguous.length > 0) return { ok: false, failure: ambiguousColumns(ambiguous, found) };
  const missing = REQUIRED_COLUMNS.filter((column) => !found.has(column));
  if (missing.length > 0) return { ok: false, failure: missingColumns(missing, cells) };
  return { ok: true, header: namedHeader(cells, named) };
}

/** Exports that end each line with a delimiter, and spreadsheets with a touched cell beside the table, have such. */
export function withoutTrailingEmpty(record: readonly string[]): string[] {
  return record.slice(0, record.findLastIndex((cell) => !isInvisible(cell)) + 1);
}

/** Fields that a record without a header has at least: optional columns may be missing at its end. */
const POSITIONAL_WIDTH_MIN = COLUMNS.findLastIndex((column) => REQUIRED_COLUMNS.includes(column)) + 1;
const KEY_POSITION = COLUMNS.indexOf(KEY_COLUMN);

function looksLikeEmployee(cells: readonly string[]): boolean {
  if (cells.length < POSITIONAL_WIDTH_MIN || cells.length > COLUMNS.length) return false;
  return /^[^\s@]+@[^\s@]+$/.test((cells[KEY_POSITION] ?? '').trim());
}

function namedHeader(cells: string[], named: readonly (Column | undefined)[]): Header {
  const positions: { [C in Column]?: number } = {};
  for (const [index, column] of named.entries()) if (column !== undefined) positions[column] = index;
  return {
    map: { hasHeader: true, width: cells.length, positions },
    cells,
    columns: byColumn((column) => sourceOf(cells, positions[column])),
    ignoredColumns: cells
      .filter((_, index) => named[index] === undefined)
      .slice(0, NAMES_MAX)
      .map((cell) => shownCell(cell)),
  };
}

function sourceOf(cells: readonly string[], position: number | undefined): string | null {
  return position === undefined ? null : shownCell(cells[position] ?? '');
}

function cellsByColumn(cells: readonly string[], named: readonly (Column | undefined)[]): Map<Column, string[]> {
  const found = new Map<Column, string[]>();
  for (const [index, column] of named.entries()) {
    if (column === undefined) continue;
    const others = found.get(column);
    if (others === undefined) found.set(column, [cells[index] ?? '']);
    else others.push(cells[index] ?? '');
  }
  return found;
}

function ambiguousColumns(columns: readonly Column[], found: ReadonlyMap<Column, readonly string[]>): UploadFailure {
  const clashes = columns.map((column) => `${column} (${quoteCells(found.get(column) ?? [])})`);
  return {
    code: 'ambiguous_columns',
    detail: `More than one column of the header could be ${clashes.join(', ')}. Rename or remove all but one.`,
    columns: [...columns],
  };
}

function tooManyColumns(found: number): UploadFailure {
  return {
    code: 'too_many_columns',
    detail: `The header has ${found} columns, at most ${CELLS_MAX} are read. Remove the columns that are not needed.`,
  };
}

function missingColumns(columns: readonly Column[], cells: readonly string[]): UploadFailure {
  const order = `Without a header, each row must have these fields in this order: ${COLUMNS.join(', ')}.`;
  const advice = columns.length === REQUIRED_COLUMNS.length ? ` ${order}` : '';
  return {
    code: 'missing_columns',
    detail: `The header lacks ${columns.join(', ')}. It has: ${quoteCells(cells)}.${advice}`,
    columns: [...columns],
  };
}
