import { COLUMN_DECLARATIONS } from './column-declarations.ts';
import type { Column } from './columns.ts';
import { type Damage, damageOf } from './damaged-text.ts';
import type { Row } from './row.ts';
import { isShifted } from './shifted-value.ts';
import { WARNING_LINES_MAX, type Warning } from './warning.ts';

/** In the columns of other than text, damage breaks a rule: the row is rejected with the reason. */
const COLUMNS: readonly { name: Column; isText: boolean }[] = COLUMN_DECLARATIONS.map((column) => ({
  name: column.name,
  isText: 'isText' in column,
}));

/** Collects what looks damaged in values of rows, as they come in file order. */
export class ValueWarnings {
  readonly #found = new Map<string, Warning>();

  see(row: Row): void {
    if ('errors' in row) return;
    for (const { name, isText } of COLUMNS) {
      const value = row[name];
      if (isText) for (const damage of damageOf(value)) this.#add(damage, name, row.line);
      if (isShifted(name, value)) this.#add('shifted_values', name, row.line);
    }
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
