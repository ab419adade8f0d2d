import { isBlank } from '../blank-words.ts';
import { isInvisible } from '../invisible-marks.ts';
import { fromSpreadsheet } from '../spreadsheet-safe.ts';

/** Cells that a header may have: as many columns as a sheet of Excel or LibreOffice has. */
export const CELLS_MAX = 16_384;
/** Characters looked at of a value: more say no more of what it is. */
const VALUE_MAX = 300;

/** Exports that end each line with a delimiter, and spreadsheets with a touched cell beside the table, have such. */
export function withoutTrailingEmpty(record: readonly string[]): string[] {
  return record.slice(0, record.findLastIndex((cell) => !isInvisible(cell)) + 1);
}

/** The values that some records have in one field, without the blank ones. */
export function valuesOfField(rows: readonly (readonly string[])[], field: number): string[] {
  return rows
    .map((row) => fromSpreadsheet((row[field] ?? '').slice(0, VALUE_MAX)).trim())
    .filter((value) => !isBlank(value));
}
