import { isMobileNo } from './check-mobile-no.ts';
import { MARK_OR_SPACE, trimMarks } from './invisible-marks.ts';

/**
 * What makes a spreadsheet take a cell for a formula when it comes first: OWASP, "CSV Injection"
 * (https://owasp.org/www-community/attacks/CSV_Injection), full-width forms included, and ASVS 5.0, 1.2.10. Apostrophes
 * before it count in, so that the one of `'=1` can be told from the one that is set here.
 */
const MARKED = new RegExp(`^'*${MARK_OR_SPACE.source}*[=+\\-@\\0＝＋－＠]`, 'u');

/** What programs separate cells with. One that is set to another than that of the file begins a cell behind it. */
const SEPARATORS = ',;\\t\\r\\n';
const INNER_FORMULA = `(?='*(?:(?![${SEPARATORS}])${MARK_OR_SPACE.source})*[=+\\-@\\0＝＋－＠])`;
const UNMARKED_INNER = new RegExp(`([${SEPARATORS}])${INNER_FORMULA}`, 'gu');
const MARKED_INNER = new RegExp(`([${SEPARATORS}])'${INNER_FORMULA}`, 'gu');

/** On the same list, as what spreadsheets pass over to what follows. In front of a value nobody misses them. */
const PASSED_OVER = /^[\t\r\n]/;

/** The apostrophe with which spreadsheets mark a cell as text. */
const TEXT_MARK = "'";

/** A text written as a formula that is nothing but this text, so that Excel keeps its zeros: `="0791234567"`. */
const TEXT_FORMULA = /^="([^"]*(?:""[^"]*)*)"$/;

/**
 * A value as a cell that no spreadsheet runs as a formula, nor a part of it: of a list whose cells commas separate, a program
 * that is set to semicolons makes three cells of `x;=1+1;y`, so `x;'=1+1;y` is written. Telephone numbers that begin with `+` stay as they are:
 * nothing but digits, brackets and signs, they harm nobody, and people want to copy them.
 *
 * `fromSpreadsheet` gives the value back: what is exported, opened, saved and uploaded again has not changed.
 */
export function spreadsheetSafe(value: string): string {
  const text = markInner(trimMarks(value));
  if (MARKED.test(text) && !(text.startsWith('+') && isMobileNo(text))) return TEXT_MARK + text;
  return PASSED_OVER.test(value) ? text : markInner(value);
}

function markInner(text: string): string {
  return text.replace(UNMARKED_INNER, `$1${TEXT_MARK}`);
}

function unmarkInner(text: string): string {
  // Almost no value has one.
  return text.includes(TEXT_MARK) ? text.replace(MARKED_INNER, '$1') : text;
}

/** Digits that a spreadsheet shows and saves as they are: an integer without leading zeros, short enough for no 1E+11. */
const PLAIN_INTEGER = /^(?:0|[1-9]\d{0,10})$/;
const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*';

/** What Excel and LibreOffice take for a number, a date, a time or a truth value, and save in another form. */
const CONVERTED = new RegExp(
  `^(?:\\+?\\d[\\d.,/:-]*|\\d+(?:[.,]\\d+)?e[+-]?\\d+|true|false|${MONTH}[ ./-]?\\d{1,4}|\\d{1,2}[ ./-]?${MONTH}(?:[ ./-]?\\d{2,4})?)$`,
  'i',
);

/**
 * A value as a cell that no spreadsheet runs or changes: what one would save as something else, such as a number with a
 * leading zero or plus, is a text formula (`="0301234567"`). `fromSpreadsheet` gives the value back, also when a
 * spreadsheet has saved the cell as the text alone.
 */
export function spreadsheetProof(value: string): string {
  const safe = spreadsheetSafe(value);
  const text = trimMarks(value);
  return trimMarks(safe) === text && CONVERTED.test(text) && !PLAIN_INTEGER.test(text) ? `="${text}"` : safe;
}

/**
 * The value of a cell: without the text mark, where there is one, or out of its text formula; only one of the two, so that
 * a value that looks like the other comes through. A name such as `'t Hooft` has none. What is around the cell does not
 * hide them: quotes may have kept a space there that others trim.
 */
export function fromSpreadsheet(cell: string): string {
  const content = trimMarks(cell);
  if (content.startsWith(TEXT_MARK) && MARKED.test(content)) return unmarkInner(content.slice(TEXT_MARK.length));
  const text = content.startsWith('="') ? TEXT_FORMULA.exec(content)?.[1] : undefined;
  return text === undefined ? unmarkInner(cell) : text.replaceAll('""', '"');
}

/**
 * A cell of somebody's file as one that no spreadsheet runs or changes: a mark that it has already is not set twice. A text formula
 * stays, as it keeps the zeros that its author wanted to keep, unless its text would be run once it is saved without.
 */
export function spreadsheetSafeCell(cell: string): string {
  const value = fromSpreadsheet(cell);
  const safe = spreadsheetSafe(value);
  const content = trimMarks(cell);
  return safe === value && content.startsWith('=') ? content : spreadsheetProof(value);
}
