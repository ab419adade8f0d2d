import { COLUMNS, type Column, declarationOf, REQUIRED_COLUMNS } from '../columns.ts';
import type { UploadFailure } from '../failure.ts';
import { CELLS_MAX } from './cells.ts';
import { quoteCells } from './shown-cells.ts';

export function tooManyColumns(found: number): UploadFailure {
  return {
    code: 'too_many_columns',
    detail: `The header has ${found} columns, at most ${CELLS_MAX} are read. Remove the columns that are not needed.`,
  };
}

/** @param fields those among which there is no choice, by column. */
export function ambiguousColumns(
  fields: ReadonlyMap<Column, readonly number[]>,
  cells: readonly string[],
): UploadFailure {
  const columns = COLUMNS.filter((column) => fields.has(column));
  const clashes = columns.map((column) => {
    const names = (fields.get(column) ?? []).map((field) => cells[field] ?? '');
    return `${column} (${quoteCells(names)})`;
  });
  return {
    code: 'ambiguous_columns',
    detail: `More than one column of the header could be ${clashes.join(', ')}. Rename or remove all but one.`,
    columns,
  };
}

/**
 * @param place where the header stands, as ` on line 3`; nothing where it is the first record.
 * @param looks what the fields look like by their values, as a sentence; nothing where that is not clear.
 */
export function missingColumns(
  columns: readonly Column[],
  cells: readonly string[],
  { place = '', looks = '' } = {},
): UploadFailure {
  const order = `Without a header, each row must have these fields in this order: ${COLUMNS.join(', ')}.`;
  const advice = columns.length === REQUIRED_COLUMNS.length ? ` ${order}` : '';
  const detail = `The header${place} lacks ${columns.join(', ')}. It has: ${quoteCells(cells)}.`;
  return {
    code: 'missing_columns',
    detail: [detail + advice, looks, constantAdvice(columns)].filter((part) => part !== '').join(' '),
    columns: [...columns],
  };
}

/** A company's own export has no column for the company. */
function constantAdvice(columns: readonly Column[]): string {
  const [column, ...others] = columns;
  if (column === undefined || others.length > 0 || declarationOf(column).oneForAll !== true) return '';
  return `If it is the same in all rows, state it with the file: constants.${column}=… (docs/files.md, "State what the file does not say").`;
}

/** Of a file whose first record is a row, but not one that says which of its fields is which. */
export function unclearFields(looks: string): UploadFailure {
  const order = COLUMNS.join(', ');
  return {
    code: 'missing_columns',
    detail:
      `The file has no header, and its values do not tell which column is which. ${looks} ` +
      `Add a header, give each row these fields in this order: ${order}, or state the positions with the file (columns.email=1).`,
    columns: [...REQUIRED_COLUMNS],
  };
}

/** Of a file with a header below what seem to be its rows: those above it must not get lost. */
export function rowsAboveHeader(headerLine: number, rowLine: number): UploadFailure {
  return {
    code: 'missing_columns',
    detail:
      `Line ${headerLine} reads like the header, but line ${rowLine} above it like an employee. ` +
      `Move the header to the top, or state its line with the file (headerLine=${headerLine}).`,
    columns: [...REQUIRED_COLUMNS],
  };
}

/** @param cells the header; undefined of a file without one. */
export function settingsMismatch(
  column: Column | undefined,
  reason: string,
  cells: readonly string[] | undefined,
): UploadFailure {
  const subject = column === undefined ? '' : `${column}: `;
  const has = cells === undefined || cells.length === 0 ? '' : ` It has: ${quoteCells(cells)}.`;
  return {
    code: 'settings_mismatch',
    detail: `The import settings are not for this file: ${subject}${reason}.${has}`,
    ...(column === undefined ? {} : { columns: [column] }),
  };
}
