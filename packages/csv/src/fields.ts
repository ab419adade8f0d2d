import { SPACE } from './dialect.ts';
import type { Units } from './units.ts';

/** What stands around fields. `tab` is the second kind of space. */
type Marks = { delimiter: number; tab: number; quote: number };

/**
 * Whether every field of the record in `units[from, to)` is empty: nothing, spaces, or a quoted nothing (`""`).
 * For almost every record the first unit decides.
 */
export function isBlank(units: Units, from: number, to: number, { delimiter, tab, quote }: Marks): boolean {
  let atFieldStart = true;
  for (let i = from; i < to; i++) {
    const unit = units[i];
    if (unit === delimiter) atFieldStart = true;
    else if (unit === quote && atFieldStart && units[i + 1] === quote && i + 1 < to) {
      atFieldStart = false;
      i++;
    } else if (unit !== SPACE && unit !== tab) return false;
  }
  return true;
}

/** The same for a line in one pair of quotes, inside which the fields are: there is nothing but quotes, delimiters and spaces. */
export function isBlankLine(units: Units, from: number, to: number, { delimiter, tab, quote }: Marks): boolean {
  for (let i = from; i < to; i++) {
    const unit = units[i];
    if (unit !== quote && unit !== delimiter && unit !== SPACE && unit !== tab) return false;
  }
  return true;
}

/** Whether one of the unquoted fields in `units[from, to)` is longer than `max` units. */
export function isLongField(units: Units, from: number, to: number, delimiter: number, max: number): boolean {
  let start = from;
  for (let i = from; i < to; i++) {
    if (units[i] !== delimiter) continue;
    if (i - start > max) return true;
    start = i + 1;
  }
  return to - start > max;
}

const VERTICAL_TAB = 0x0b;
const FORM_FEED = 0x0c;

/**
 * Whether `unit`, found before a quote, may belong to white space that csv-parse skips at the start of a field (everything
 * that `String.prototype.trim` does, no-break space and U+FEFF among it), so that it would take the quote as opening.
 * The scanner cannot go along: before the whole file is read it does not know whether 0xA0 is a character.
 */
export function mayHideFromCsvParse(unit: number): boolean {
  return unit >= 0x80 || unit === VERTICAL_TAB || unit === FORM_FEED;
}
