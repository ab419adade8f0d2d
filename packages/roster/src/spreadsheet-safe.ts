import { isMobileNo } from './employee.ts';

/**
 * What makes a spreadsheet take a cell for a formula, or pass over to what follows it, when it comes first: OWASP, "CSV
 * Injection" (https://owasp.org/www-community/attacks/CSV_Injection), full-width forms included, and ASVS 5.0, 1.2.10.
 * Spaces before it count in, since some spreadsheets trim; apostrophes too, so that the one of `'=1` can be told from
 * the one that is set here.
 */
const MARKED = /^'*\s*[=+\-@\t\r\n\0＝＋－＠]/;

/** The apostrophe with which spreadsheets mark a cell as text. */
const TEXT_MARK = "'";

/** A text written as a formula that is nothing but this text, so that Excel keeps its zeros: `="0791234567"`. */
const TEXT_FORMULA = /^="([^"]*(?:""[^"]*)*)"$/;

/**
 * A value as a cell that no spreadsheet runs as a formula. Telephone numbers that begin with `+` stay as they are:
 * nothing but digits, brackets and signs, they harm nobody, and people want to copy them.
 *
 * `fromSpreadsheet` gives the value back: what is exported, opened, saved and uploaded again has not changed.
 */
export function spreadsheetSafe(value: string): string {
  if (!MARKED.test(value) || (value.startsWith('+') && isMobileNo(value))) return value;
  return TEXT_MARK + value;
}

/**
 * The value of a cell: without the text mark, where there is one, or out of its text formula; only one of the two, so that
 * a value that looks like the other comes through. A name such as `'t Hooft` has none.
 */
export function fromSpreadsheet(cell: string): string {
  if (cell.startsWith(TEXT_MARK)) return MARKED.test(cell) ? cell.slice(TEXT_MARK.length) : cell;
  const text = cell.startsWith('="') ? TEXT_FORMULA.exec(cell)?.[1] : undefined;
  return text === undefined ? cell : text.replaceAll('""', '"');
}

/**
 * A cell of somebody's file as one that no spreadsheet runs: a mark that it has already is not set twice. A text formula
 * stays, as it keeps the zeros that its author wanted to keep, unless its text would be run once it is saved without.
 */
export function spreadsheetSafeCell(cell: string): string {
  const value = fromSpreadsheet(cell);
  const safe = spreadsheetSafe(value);
  return safe === value && cell.startsWith('=') ? cell : safe;
}
