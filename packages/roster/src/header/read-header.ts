import { byColumn, COLUMNS, type Column, REQUIRED_COLUMNS } from '../columns.ts';
import type { UploadFailure } from '../failure.ts';
import { isInvisible } from '../invisible-marks.ts';
import { isAddress } from '../likeness.ts';
import { WARNING_LINES_MAX, type Warning } from '../warning.ts';
import { CELLS_MAX, withoutTrailingEmpty } from './cells.ts';
import { choiceWarnings, chooseColumns } from './choose-columns.ts';
import { profileMismatch } from './expected-header.ts';
import { ambiguousColumns, missingColumns, rowsAboveHeader, settingsMismatch, tooManyColumns } from './failures.ts';
import { findColumns } from './find-columns.ts';
import type { FieldAlternatives, HeaderRecord, HeaderResult, HeaderSettings } from './header.ts';
import { constantsOf, positionsOf } from './header-map.ts';
import { isPositional, readWithoutHeader } from './no-header.ts';
import { shownCell } from './shown-cells.ts';
import { findStated, partsOf } from './stated-columns.ts';
import { looksOf, saidOfLooks } from './told-by-values.ts';

/** Records of the beginning of a file that tell where its header is and what its columns are; more change nothing. */
export const HEADER_RECORDS = 50;
/** Records among which the header is: title lines, notes and the like stand above it. */
const HEADER_WITHIN = 30;
/** Cells in which names are looked for, above a record of any width: a hostile file has a million in its beginning. */
const CELLS_LOOKED_AT = 50_000;
/** Columns named at most; of a file with a thousand it is enough to see that. With what is shown of each it keeps messages below 64 KiB. */
const NAMES_MAX = 100;

/**
 * Finds the header of a file and which of its columns is which: by its names, in any order. Where no record names all that is
 * required, and the first one names nothing and has an address, the file has no header.
 *
 * @param records the first HEADER_RECORDS of the file, as far as they are there.
 * @param settings what is stated of it.
 */
export function readHeader(records: readonly HeaderRecord[], settings: HeaderSettings = {}): HeaderResult {
  const { headerLine } = settings;
  if (headerLine === 0) return readWithoutHeader(records, settings);
  if (headerLine !== undefined) {
    const index = statedHeader(records, headerLine, settings);
    return index === -1 ? noSuchLine(records, headerLine) : readHeaderAt(records, index, settings);
  }
  const index = findHeader(records, settings);
  if (index !== undefined) {
    const row = employeeAbove(records, index);
    if (row === undefined) return readHeaderAt(records, index, settings);
    const result = readWithoutHeader(records, settings);
    return result.ok ? result : { ...result, failure: rowsAboveHeader(records[index]?.line ?? 0, row) };
  }
  const [first] = records;
  if (settings.expectedHeader === undefined && first !== undefined && isRow(first.fields))
    return readWithoutHeader(records, settings);
  return readHeaderAt(records, mostNames(records), settings);
}

/** Whether a record is a header by its names, alone: it names all that is required. */
export function namesEveryColumn(cells: readonly string[], settings: HeaderSettings = {}): boolean {
  const header = withoutTrailingEmpty(cells);
  if (header.length === 0 || header.length > CELLS_MAX) return false;
  const { expectedHeader, columns = {} } = settings;
  if (expectedHeader !== undefined) return profileMismatch(expectedHeader, header) === undefined;
  const stated = findStated(settings, header, header.length);
  if (!stated.ok) return false;
  const isNamed = COLUMNS.some((column) => partsOf(columns[column] ?? []).some((part) => typeof part === 'string'));
  const found = findColumns(header, [], stated.taken);
  const isThere = (column: Column) => stated.decided.has(column) || found.has(column);
  // Positions and constants alone go for any record: they make no header of it.
  return (isNamed || found.size > 0) && REQUIRED_COLUMNS.every(isThere);
}

/** The first of the records that names all that is required. */
function findHeader(records: readonly HeaderRecord[], settings: HeaderSettings): number | undefined {
  const index = mayBeHeaders(records).findIndex(({ fields }) => namesEveryColumn(fields, settings));
  return index === -1 ? undefined : index;
}

/** The records among which the header is looked for. */
function mayBeHeaders(records: readonly HeaderRecord[]): readonly HeaderRecord[] {
  let cells = 0;
  const looked = records.slice(0, HEADER_WITHIN);
  const end = looked.findIndex(({ fields }) => {
    const isTooFar = cells > CELLS_LOOKED_AT;
    cells += fields.length;
    return isTooFar;
  });
  return end === -1 ? looked : looked.slice(0, end);
}

/** The record that names most of our columns, the first of equals: it says best what is missing. */
function mostNames(records: readonly HeaderRecord[]): number {
  let best = { index: 0, count: 0 };
  for (const [index, { fields }] of mayBeHeaders(records).entries()) {
    const count = fields.length > CELLS_MAX ? 0 : findColumns(fields, []).size;
    if (count > best.count) best = { index, count };
  }
  return best.index;
}

/** A first record that names nothing of ours and has an address is no header. */
function isRow(fields: readonly string[]): boolean {
  return fields.length <= CELLS_MAX && fields.some(isAddress) && findColumns(fields, []).size === 0;
}

/** The line of a record above the header that looks like a row: it must not be passed over. */
function employeeAbove(records: readonly HeaderRecord[], index: number): number | undefined {
  const width = withoutTrailingEmpty(records[index]?.fields ?? []).length;
  return records.slice(0, index).find(({ fields }) => {
    const cells = withoutTrailingEmpty(fields);
    const filled = cells.filter((cell) => !isInvisible(cell)).length;
    return (
      isPositional(cells) || (cells.length === width && filled >= REQUIRED_COLUMNS.length && cells.some(isAddress))
    );
  })?.line;
}

/**
 * The record on the line that is stated; -1 where none begins. One with the expected header is more: the correction CSV of a
 * file has nothing above its header.
 */
function statedHeader(records: readonly HeaderRecord[], headerLine: number, settings: HeaderSettings): number {
  const index = records.findIndex(({ line }) => line === headerLine);
  const { expectedHeader } = settings;
  if (expectedHeader === undefined) return index;
  const isExpected = profileMismatch(expectedHeader, records[index]?.fields ?? []) === undefined;
  return isExpected ? index : (findHeader(records, settings) ?? index);
}

function noSuchLine(records: readonly HeaderRecord[], headerLine: number): HeaderResult {
  const lines = records.length;
  const reason = `the header is stated to be on line ${headerLine}, where none of the first ${lines} records begins`;
  return { ok: false, failure: settingsMismatch(undefined, reason, records[0]?.fields), sample: undefined };
}

/** Reads the header that is the record at `index`. */
function readHeaderAt(records: readonly HeaderRecord[], index: number, settings: HeaderSettings): HeaderResult {
  const { fields, line } = records[index] ?? { fields: [], line: 1 };
  const cells = withoutTrailingEmpty(fields);
  const rows = records.slice(index + 1).map((record) => record.fields);
  const refuse = (failure: UploadFailure): HeaderResult => ({ ok: false, failure, sample: { cells, rows } });
  if (cells.length > CELLS_MAX) return refuse(tooManyColumns(cells.length));
  const { expectedHeader } = settings;
  const mismatch = expectedHeader && profileMismatch(expectedHeader, fields);
  if (mismatch !== undefined) return refuse(mismatch);
  const statedColumns = findStated(settings, cells, cells.length);
  if (!statedColumns.ok) return refuse(statedColumns.failure);
  const { stated, taken, decided } = statedColumns;
  const found = new Map([...findColumns(cells, rows, taken)].filter(([column]) => !decided.has(column)));
  const { chosen, ambiguous } = chooseColumns(found, rows);
  if (ambiguous.size > 0) return refuse(ambiguousColumns(ambiguous, cells));
  const missing = REQUIRED_COLUMNS.filter((column) => !decided.has(column) && !chosen.has(column));
  if (missing.length > 0) {
    const place = index === 0 ? '' : ` on line ${line}`;
    const looks = found.size === 0 && stated.size === 0 && rows.length > 0 ? saidOfLooks(looksOf(rows)) : '';
    return refuse(missingColumns(missing, cells, { place, looks }));
  }
  const all = new Map([...stated, ...chosen]);
  const skipped = records.slice(0, index).map((record) => record.line);
  return {
    ok: true,
    header: {
      map: { hasHeader: true, width: cells.length, positions: positionsOf(all), ...constantsOf(settings) },
      line,
      skipped,
      cells,
      columns: byColumn((column) => sourceOf(all.get(column), cells)),
      ignoredColumns: ignoredOf(cells, all),
      warnings: [...skippedWarnings(skipped, line), ...choiceWarnings(chosen, cells)],
      sample: { cells, rows },
    },
  };
}

function sourceOf(alternatives: FieldAlternatives | undefined, cells: readonly string[]): string | null {
  const [first] = alternatives ?? [];
  return first === undefined ? null : shownCell(first.map((field) => shownCell(cells[field] ?? '')).join(' + '));
}

function ignoredOf(cells: readonly string[], all: ReadonlyMap<Column, FieldAlternatives>): string[] {
  const read = new Set([...all.values()].flat(2));
  return cells
    .filter((_, field) => !read.has(field))
    .slice(0, NAMES_MAX)
    .map((cell) => shownCell(cell));
}

function skippedWarnings(skipped: readonly number[], headerLine: number): Warning[] {
  if (skipped.length === 0) return [];
  const text = `Lines above the header, which is on line ${headerLine}, are no rows and were passed over`;
  const lines = skipped.slice(0, WARNING_LINES_MAX);
  return [{ code: 'lines_skipped', column: null, text, count: skipped.length, lines }];
}
