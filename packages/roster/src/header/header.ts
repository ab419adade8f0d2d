import { byColumn, COLUMNS, type Column } from '../columns.ts';
import type { UploadFailure } from '../failure.ts';
import type { Warning } from '../warning.ts';
import type { ExpectedHeader } from './expected-header.ts';

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

/** The header cells that each column is read from first; null where the file has no such column, or no header at all. */
export type ColumnSources = Record<Column, string | null>;

/** A record of the beginning of a file, and the physical line on which it starts. One that is broken has no fields. */
export type HeaderRecord = { line: number; fields: readonly string[] };

/** What the file's own columns are called, and some of its rows. */
export type HeaderSample = { cells: readonly string[]; rows: readonly (readonly string[])[] };

/** How the columns of a file are found. */
export type Header = {
  map: HeaderMap;
  /** The line of the header; null where the file has none. */
  line: number | null;
  /** Lines of the records above the header, which are no rows. */
  skipped: number[];
  /** The file's own columns in its order and spelling, as many as `width`; of a file without a header ours. */
  cells: string[];
  columns: ColumnSources;
  /** Header cells that no column is read from, in file order: at most NAMES_MAX, and as much of each as a person reads. */
  ignoredColumns: string[];
  /** What was guessed. */
  warnings: Warning[];
  sample: HeaderSample;
};

export type HeaderResult =
  | { ok: true; header: Header }
  | { ok: false; failure: UploadFailure; sample: HeaderSample | undefined };

/** The field that has a column's value, by its header cell or by its position from 1; or several that are joined. */
export type ColumnSource = string | number | readonly (string | number)[];

/** What is stated of a file's header; what is not stated is found. */
export type HeaderSettings = {
  columns?: { [C in Column]?: ColumnSource | undefined } | undefined;
  /** One value for all rows. */
  constants?: { [C in Column]?: string | undefined } | undefined;
  /** The line of the header, from 1; 0: the file has none. */
  headerLine?: number | undefined;
  /** The only header with which the file is read. */
  expectedHeader?: ExpectedHeader | undefined;
};

/** What goes for a file without a header whose records have so many fields: the columns in their own order. */
export function positionalHeader(width: number = COLUMNS.length): Header {
  const columns = COLUMNS.slice(0, width);
  return {
    map: { hasHeader: false, width, positions: Object.fromEntries(columns.map((column, index) => [column, index])) },
    line: null,
    skipped: [],
    cells: columns,
    columns: byColumn(() => null),
    ignoredColumns: [],
    warnings: [],
    sample: { cells: columns, rows: [] },
  };
}
