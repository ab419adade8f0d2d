import { COLUMN_DECLARATIONS } from './column-declarations.ts';
import type { Column } from './columns.ts';
import type { Row } from './row.ts';
import { WARNING_LINES_MAX, type Warning, type WarningCode } from './warning.ts';

/** Columns of free text. In the others damage breaks a rule, so the row is rejected with the reason. */
const TEXT_COLUMNS: readonly Column[] = COLUMN_DECLARATIONS.filter((column) => 'isText' in column).map(
  ({ name }) => name,
);

/** No value without one of these signs is damaged: almost every value is passed over with this one look. */
const SUSPICIOUS = /&/;

/** A sign written for a web page: by its number, or by a name of those that programs use. */
const HTML_ENTITY =
  /&(?:#\d{2,6}|#x[\da-f]{2,5}|amp|lt|gt|quot|apos|nbsp|shy|[lr][sd]quo|[lr]aquo|[nm]dash|hellip|bull|middot|szlig|eth|thorn|euro|[a-z]{1,2}(?:acute|grave|circ|uml|tilde|ring|cedil|slash|lig|caron));/i;

/** Collects what is damaged in values of rows, as they come in file order. */
export class ValueWarnings {
  readonly #found = new Map<string, Warning>();

  see(row: Row): void {
    if ('errors' in row) return;
    for (const column of TEXT_COLUMNS) {
      const value = row[column];
      if (SUSPICIOUS.test(value)) this.#look(value, column, row.line);
    }
  }

  /** What was found so far. */
  list(): Warning[] {
    return [...this.#found.values()];
  }

  #look(value: string, column: Column, line: number): void {
    if (HTML_ENTITY.test(value)) this.#add('html_entities', column, line);
  }

  #add(code: keyof typeof TEXTS, column: Column, line: number): void {
    const key = `${code} ${column}`;
    const warning = this.#found.get(key) ?? { code, column, text: TEXTS[code](column), count: 0, lines: [] };
    this.#found.set(key, warning);
    warning.count++;
    if (warning.lines.length < WARNING_LINES_MAX) warning.lines.push(line);
  }
}

const TEXTS = {
  html_entities: (column) =>
    `${column} has signs written as HTML, such as "&amp;" or "&#39;". They are stored as they stand. Export the file without HTML, or correct these lines.`,
} satisfies Partial<Record<WarningCode, (column: Column) => string>>;
