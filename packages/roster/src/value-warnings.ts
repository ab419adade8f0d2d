import { COLUMNS, type Column, declarationOf } from './columns.ts';
import { type Damage, damageOf } from './damaged-text.ts';
import type { Row } from './row.ts';
import { isShifted } from './shifted-value.ts';
import { WARNING_LINES_MAX, type Warning } from './warning.ts';

/**
 * No text without one of these is damaged, or an address. Of what mojibake has these are the signs behind its first letters,
 * so that names with accents are passed over too.
 */
const SUSPICIOUS = /[&<?@\u0080-\u00bfĂĹŒœŠšŽžŸƒ\u02c6-\u02dd\u2010-\u203a\u20ac\u2122√\u2500-\u25ff]/;
const SPACE = 0x20;
const NINE = 0x39;

/** Whether a text may be worth a warning. Almost every one is passed over with this look: it takes a twentieth of a microsecond. */
function isSuspicious(text: string): boolean {
  if (SUSPICIOUS.test(text)) return true;
  // A number: the signs and digits of ASCII come before all letters.
  const first = text.charCodeAt(0);
  return first >= SPACE && first <= NINE;
}

/** In the columns of other than text, damage breaks a rule: the row is rejected with the reason. */
const TEXT_COLUMNS = COLUMNS.filter((column) => declarationOf(column).isText);
const OTHER_COLUMNS = COLUMNS.filter((column) => !declarationOf(column).isText);

/** Collects what looks damaged in values of rows, as they come in file order. */
export class ValueWarnings {
  readonly #found = new Map<string, Warning>();

  see(row: Row): void {
    if ('errors' in row) return;
    for (const column of TEXT_COLUMNS) if (isSuspicious(row[column])) this.#lookAtText(row[column], column, row.line);
    for (const column of OTHER_COLUMNS)
      if (isShifted(column, row[column])) this.#add('shifted_values', column, row.line);
  }

  #lookAtText(text: string, column: Column, line: number): void {
    for (const damage of damageOf(text)) this.#add(damage, column, line);
    if (isShifted(column, text)) this.#add('shifted_values', column, line);
  }

  /** What was found so far. */
  list(): Warning[] {
    return [...this.#found.values()];
  }

  #add(code: keyof typeof TEXTS, column: Column, line: number): void {
    const key = `${code} ${column}`;
    const warning = this.#found.get(key) ?? { code, column, text: `${column} ${TEXTS[code]}`, count: 0, lines: [] };
    this.#found.set(key, warning);
    warning.count++;
    if (warning.lines.length < WARNING_LINES_MAX) warning.lines.push(line);
  }
}

/** Each goes on after the name of the column. */
const TEXTS: Record<Damage | 'shifted_values', string> = {
  html_entities:
    'has signs written as HTML, such as "&amp;" or "&#39;". They are stored as they stand. Export the file without HTML, or correct these lines.',
  markup:
    'has tags of HTML, such as "<b>". They are stored as they stand. Export the file without HTML, or correct these lines.',
  mojibake:
    'has letters that were read in a wrong encoding before they came into this file, such as "Ã©" for "é". They are stored as they stand. Export the file anew, as UTF-8, or correct these lines.',
  lost_characters:
    'has question marks within words: a program that could not write a letter, such as "é", wrote "?" for it. They are stored as they stand. Export the file anew, as UTF-8, or correct these lines.',
  shifted_values:
    'has values that look as if they belonged into another column, such as a telephone number for a name. The values of these rows may have moved by a column: look at the whole rows.',
};
