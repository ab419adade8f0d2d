import { byColumn, COLUMNS, type Column, KEY_COLUMN, REQUIRED_COLUMNS } from '../columns.ts';
import { isAddress } from '../likeness.ts';
import type { Warning } from '../warning.ts';
import { withoutTrailingEmpty } from './cells.ts';
import { missingColumns, unclearFields } from './failures.ts';
import {
  type FieldAlternatives,
  type Header,
  type HeaderRecord,
  type HeaderResult,
  type HeaderSettings,
  positionalHeader,
} from './header.ts';
import { constantsOf, positionsOf } from './header-map.ts';
import { findStated } from './stated-columns.ts';
import { looksOf, saidOfLooks, toldByValues } from './told-by-values.ts';

/** Fields that a record without a header has at least: optional columns may be missing at its end. */
const POSITIONAL_WIDTH_MIN = COLUMNS.findLastIndex((column) => REQUIRED_COLUMNS.includes(column)) + 1;
const KEY_POSITION = COLUMNS.indexOf(KEY_COLUMN);

/** Whether a record has as many fields as there are columns, with the key where it belongs. */
export function isPositional(cells: readonly string[]): boolean {
  if (cells.length < POSITIONAL_WIDTH_MIN || cells.length > COLUMNS.length) return false;
  return isAddress(cells[KEY_POSITION] ?? '');
}

/**
 * Reads a file without a header. Which field is which is stated, or told by the values where they are clear, or else the
 * columns are in their own order.
 */
export function readWithoutHeader(records: readonly HeaderRecord[], settings: HeaderSettings): HeaderResult {
  const rows = records.map(({ fields }) => withoutTrailingEmpty(fields));
  const [first = []] = rows;
  const looks = looksOf(rows);
  const width = widthOf(rows);
  const sample = { cells: [], rows };
  const statedColumns = findStated(settings, undefined, width);
  if (!statedColumns.ok) return { ...statedColumns, sample };
  const { stated, taken, decided } = statedColumns;
  const isWanted = (column: Column) => !decided.has(column);

  const told = toldByValues(looks, COLUMNS.filter(isWanted), taken);
  const isInOrder = decided.size === 0 && isPositional(first);
  if (isInOrder && (told === undefined || isOwnOrder(told)))
    return { ok: true, header: { ...positionalHeader(first.length), sample } };
  if (told === undefined) {
    const said = saidOfLooks(looks);
    const missing = REQUIRED_COLUMNS.filter(isWanted);
    const failure = stated.size === 0 ? unclearFields(said) : missingColumns(missing, first, { looks: said });
    return { ok: false, failure, sample };
  }
  const fields = new Map([...stated, ...[...told].map(([column, field]) => [column, [[field]]] as const)]);
  const header: Header = {
    map: { hasHeader: false, width, positions: positionsOf(fields), ...constantsOf(settings) },
    line: null,
    skipped: [],
    cells: cellsFor(fields, width),
    columns: byColumn(() => null),
    ignoredColumns: [],
    warnings: told.size > 0 ? [guessed(told)] : [],
    sample,
  };
  return { ok: true, header };
}

/** Rows may lack blank fields at their end. Those with an address are employees, and others perhaps notes. */
function widthOf(rows: readonly (readonly string[])[]): number {
  const employees = rows.filter((row) => row.some(isAddress));
  return Math.max(1, ...(employees.length > 0 ? employees : rows).map((row) => row.length));
}

function isOwnOrder(told: ReadonlyMap<Column, number>): boolean {
  return [...told].every(([column, field]) => COLUMNS.indexOf(column) === field);
}

/** The header of the correction CSV. */
function cellsFor(fields: ReadonlyMap<Column, FieldAlternatives>, width: number): string[] {
  const cells = Array.from({ length: width }, (_, index) => `field ${index + 1}`);
  for (const [column, [first = []]] of fields) for (const field of first.slice(0, 1)) cells[field] = column;
  return cells;
}

function guessed(told: ReadonlyMap<Column, number>): Warning {
  const fields = [...told].map(([column, field]) => `${column} is field ${field + 1}`);
  return {
    code: 'column_chosen',
    column: null,
    text: `The file has no header. By the values, ${fields.join(', ')}`,
    count: told.size,
    lines: [],
  };
}
