import { type CsvRecord, type Delimiter, formatRecord } from '@rowferry/csv';
import type { FailedRow } from '@rowferry/database';
import {
  COLUMNS,
  CORRECTION_COLUMNS,
  type FieldAlternatives,
  type Header,
  type Raw,
  spreadsheetSafe,
  spreadsheetSafeCell,
} from '@rowferry/roster';

/** Fields left over in one row that are written: nobody moves more by hand, and a record can have 131,072. */
const SURPLUS_MAX = 1000;

/** What separates several errors of one row. */
const BETWEEN_ERRORS = '; ';

/** The file that is to be corrected: how its header reads and what stands between its fields. */
export type CsvShape = { header: Pick<Header, 'cells' | 'map'>; delimiter: Delimiter };

/** A row of the file, and what is to be said of it. */
type CsvRow = Pick<FailedRow, 'line' | 'raw'> & { errors: readonly { code: string; message: string }[] };

/**
 * The lines of a file in which the uploader corrects the failed rows: the file's own columns in its own order and spelling,
 * then the line in that file and what is wrong. Uploaded again, a row that was not corrected fails again.
 */
export class CorrectionCsv {
  readonly #format: CsvShape;
  /** Names of the file's own columns. */
  readonly #names: readonly string[];

  constructor(format: CsvShape) {
    this.#format = format;
    this.#names = withoutAddedColumns(format.header.cells);
  }

  header(): string {
    return this.#line([...this.#names, ...CORRECTION_COLUMNS]);
  }

  /** @param record the row as the file has it; without it the values that were kept of it must do. */
  row({ line, raw, errors }: CsvRow, record: CsvRecord | undefined): string {
    const fields = this.#fieldsOf(record, raw);
    const own = this.#names.map((_, index) => fields[index] ?? '');
    const codes = [...new Set(errors.map(({ code }) => code))].join(BETWEEN_ERRORS);
    const messages = errors.map(({ message }) => message).join(BETWEEN_ERRORS);
    // Fields that the header has no name for come last: left there, the row has too many fields once more.
    const { width } = this.#format.header.map;
    const surplus = fields.slice(width, width + SURPLUS_MAX);
    return this.#line([...own, String(line), codes, messages, ...surplus]);
  }

  #fieldsOf(record: CsvRecord | undefined, raw: Raw): readonly string[] {
    const kept = record === undefined ? raw : 'fields' in record ? record.fields : record.raw;
    // A record whose fields could not be separated has its text in the first column.
    if (typeof kept === 'string') return [kept];
    if (Array.isArray(kept)) return kept;
    // These are values, no cells any more: a mark in one of them is its own.
    const fields = this.#format.header.cells.map(() => '');
    for (const column of COLUMNS) {
      const position = firstField(this.#format.header.map.positions[column]);
      if (position !== undefined) fields[position] = spreadsheetSafe(kept[column] ?? '');
    }
    return fields;
  }

  #line(cells: readonly string[]): string {
    return formatRecord(cells.map(spreadsheetSafeCell), this.#format.delimiter);
  }
}

/** The field for the value of a column that can stand in several: the others are blank, so an upload reads this one. */
function firstField(position: number | FieldAlternatives | undefined): number | undefined {
  return typeof position === 'object' ? position[0]?.[0] : position;
}

/** A correction CSV that is uploaded has them at the end; it gets new ones. */
function withoutAddedColumns(cells: readonly string[]): readonly string[] {
  const own = cells.length - CORRECTION_COLUMNS.length;
  return CORRECTION_COLUMNS.every((name, index) => cells[own + index] === name) ? cells.slice(0, own) : cells;
}
