import { COLUMNS, type Column } from '../columns.ts';
import type { UploadFailure } from '../failure.ts';
import { settingsMismatch } from './failures.ts';
import { foldName } from './fold-name.ts';
import type { ColumnSource, FieldAlternatives, HeaderSettings } from './header.ts';

/** The fields that settings state for columns, or why they cannot be those of this file. */
export type StatedColumns =
  | {
      ok: true;
      stated: ReadonlyMap<Column, FieldAlternatives>;
      taken: ReadonlySet<number>;
      /** Columns that need not be found: those with fields that are stated, and those with a constant. */
      decided: ReadonlySet<Column>;
    }
  | { ok: false; failure: UploadFailure };

/**
 * Finds the fields that settings state.
 *
 * @param cells the header; undefined of a file without one, whose records have `width` fields.
 */
export function findStated(
  { columns = {}, constants = {} }: HeaderSettings,
  cells: readonly string[] | undefined,
  width: number,
): StatedColumns {
  const stated = new Map<Column, FieldAlternatives>();
  const taken = new Map<number, Column>();
  for (const column of COLUMNS) {
    const source = columns[column];
    if (source === undefined) continue;
    if (constants[column] !== undefined) return mismatch(column, 'it is stated as a constant as well', cells);
    const fields: number[] = [];
    for (const part of partsOf(source)) {
      const field = typeof part === 'number' ? fieldAt(part, width) : fieldNamed(part, cells);
      if (typeof field === 'string') return mismatch(column, field, cells);
      const other = taken.get(field);
      if (other !== undefined) return mismatch(column, `field ${field + 1} is stated for ${other} already`, cells);
      taken.set(field, column);
      fields.push(field);
    }
    if (fields.length === 0) return mismatch(column, 'no field is stated', cells);
    stated.set(column, [fields]);
  }
  const decided = COLUMNS.filter((column) => stated.has(column) || constants[column] !== undefined);
  return { ok: true, stated, taken: new Set(taken.keys()), decided: new Set(decided) };
}

function mismatch(column: Column, reason: string, cells: readonly string[] | undefined): StatedColumns {
  return { ok: false, failure: settingsMismatch(column, reason, cells) };
}

export function partsOf(source: ColumnSource): readonly (string | number)[] {
  return typeof source === 'object' ? source : [source];
}

/** @returns the field, or what is wrong. */
function fieldAt(position: number, width: number): number | string {
  if (Number.isInteger(position) && position >= 1 && position <= width) return position - 1;
  return `position ${position} is none of 1 to ${width}`;
}

/** As the file spells it, or else as names are compared. */
function fieldNamed(name: string, cells: readonly string[] | undefined): number | string {
  const quoted = JSON.stringify(name.slice(0, 100));
  if (cells === undefined) return `${quoted} is a name, and the file has no header: state the position of the field`;
  const exact = indexesOf(cells, (cell) => cell.trim() === name.trim());
  const fields = exact.length > 0 ? exact : indexesOf(cells, (cell) => folded(cell) === folded(name));
  const [field, ...others] = fields;
  if (field === undefined) return `the header has no ${quoted}`;
  if (others.length === 0) return field;
  return `the header has ${quoted} ${fields.length} times: state the position of the field`;
}

function indexesOf(cells: readonly string[], matches: (cell: string) => boolean): number[] {
  return [...cells.keys()].filter((index) => matches(cells[index] ?? ''));
}

const COMPARED_MAX = 200;

function folded(cell: string): string {
  // What has no letters or digits at all, such as `#`, is compared as it is.
  return foldName(cell.slice(0, COMPARED_MAX)) || cell.trim();
}
