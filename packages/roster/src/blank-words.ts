import { isInvisible, trimMarks } from './invisible-marks.ts';

/**
 * Words with which programs and people write that there is no value. Only as programs write them: `NULL` and `null` are
 * among them, `Null`, `Nil` and `Nan` are not, since these are names of people. The list is that of pandas
 * (https://pandas.pydata.org/docs/reference/api/pandas.read_csv.html, `na_values`), with what databases, JavaScript and Ruby
 * write, and with what people type.
 */
const PROGRAM_WORDS = [
  ...['NULL', 'null', '(null)', '(NULL)', '[null]', '[NULL]', '<null>', '<NULL>', '\\N', 'nil', '(nil)', '<nil>'],
  ...['None', 'none', 'NONE', '<none>', '(none)', 'undefined', 'NaN', 'nan', '-NaN', '-nan', '<NA>', 'NaT'],
  ...['1.#IND', '-1.#IND', '1.#QNAN', '-1.#QNAN', '#N/A N/A', '[object Object]', '(blank)', '(empty)', '<empty>'],
  ...['N/A', 'n/a', 'N/a', 'n.a.', 'N.A.', 'n. a.', 'n/d', 'N/D', 'n/v', 'k.A.', 'k. A.', 'k.a.', 'K.A.', './.', '-/-'],
];

/** Names of people too, as files with names in capitals have them: blanks where the whole value is nothing else. */
const WORDS_ALONE = ['NA', 'na', 'NIL', 'NAN'];

/**
 * What spreadsheets show where a formula failed, in the languages of Excel; LibreOffice writes `Err:502` too
 * (https://support.microsoft.com/en-us/office/error-values, https://help.libreoffice.org/latest/en-US/text/scalc/05/02140000.html).
 */
const FORMULA_ERRORS = [
  ...[
    '#N/A',
    '#NA',
    '#NV',
    '#N/D',
    '#N/B',
    '#Н/Д',
    '#REF!',
    '#BEZUG!',
    '#¡REF!',
    '#RIF!',
    '#VERW!',
    '#ADR!',
    '#ССЫЛКА!',
  ],
  ...['#VALUE!', '#WERT!', '#VALEUR!', '#¡VALOR!', '#VALOR!', '#VALORE!', '#WAARDE!', '#ARG!', '#ЗНАЧ!', '#VÄRDEFEL!'],
  ...['#NAME?', '#NOM?', '#¿NOMBRE?', '#NOME?', '#NAAM?', '#NAZWA?', '#ИМЯ?', '#NAMN?', '#NAVN?'],
  ...[
    '#DIV/0!',
    '#¡DIV/0!',
    '#DEEL/0!',
    '#DZIEL/0!',
    '#ДЕЛ/0!',
    '#DIVISION/0!',
    '#NULL!',
    '#NUL!',
    '#¡NULO!',
    '#NULO!',
  ],
  ...[
    '#LEEG!',
    '#ZERO!',
    '#ПУСТО!',
    '#NUM!',
    '#ZAHL!',
    '#NOMBRE!',
    '#¡NUM!',
    '#NÚM!',
    '#GETAL!',
    '#LICZBA!',
    '#ЧИСЛО!',
  ],
  ...[
    '#SPILL!',
    '#ÜBERLAUF!',
    '#CALC!',
    '#KALK!',
    '#FIELD!',
    '#FELD!',
    '#BLOCKED!',
    '#CONNECT!',
    '#UNKNOWN!',
    '#BUSY!',
  ],
  ...['#GETTING_DATA', '#ERROR!', '#FEHLER!'],
];
const LIBREOFFICE_ERROR = /^Err:\d{3}$/;

/** Nothing but signs that stand in a cell so that it is not empty: `-`, `--`, `.`, `…`, `?`, `_`, `/`, `*`; `###` is a column too narrow. */
const SIGNS = /^[-\u2010-\u2015\u2212_.…?/*~#\s]+$/;

const BLANK_WORDS: ReadonlySet<string> = new Set([...PROGRAM_WORDS, ...FORMULA_ERRORS]);
const BLANK_ALONE: ReadonlySet<string> = new Set(WORDS_ALONE);
const LENGTH_MAX = 20;
/** A word that is repeated stands for a name in parts, `undefined undefined`. */
const WORDS_MAX = 4;

/** What they all begin with, by its code. Almost every value begins with another letter, and is passed over with this one look. */
const BEGINNINGS = new Set([...'NnuEkK1#-_.…?/*~\\(<[‐‑‒–—―−'].map((sign) => sign.charCodeAt(0)));
const MAYBE_BLANK = Uint8Array.from({ length: 0x2213 }, (_, code) => (BEGINNINGS.has(code) ? 1 : 0));

function maybeBlank(value: string): boolean {
  return MAYBE_BLANK[value.charCodeAt(0)] === 1;
}

/**
 * Whether a cell, which is one part of a value or all of it, has nothing but a word that stands for no value, such as `NULL`,
 * `N/A`, `\N`, `-` or `#REF!`. Nothing is trimmed.
 */
export function isBlankWord(cell: string): boolean {
  if (!maybeBlank(cell) || cell.length > LENGTH_MAX) return false;
  return BLANK_WORDS.has(cell) || SIGNS.test(cell) || LIBREOFFICE_ERROR.test(cell);
}

/** Whether a whole value is blank: nobody sees it, or it stands for nothing. */
export function isBlank(value: string): boolean {
  return isInvisible(value) || standsForNothing(trimMarks(value));
}

/** Whether a whole value stands for none: one such word, also several times. */
export function standsForNothing(value: string): boolean {
  if (!maybeBlank(value) || value.length > WORDS_MAX * LENGTH_MAX) return false;
  return isBlankWord(value) || BLANK_ALONE.has(value) || isRepeated(value);
}

function isRepeated(value: string): boolean {
  const words = value.split(/\s+/, WORDS_MAX + 1);
  return words.length > 1 && words.length <= WORDS_MAX && words.every(isBlankWord);
}
