import type { Column } from './columns.ts';
import { isDate } from './dates.ts';

const ADDRESS = /[^\s@<]@[\w-]+\.\w/;
/** Long enough for no name: companies are called 4711 and 24/7. */
const NUMBER = /^[+(]*\d[\d\s().+/-]{4,}$/;
const PERSON = /^\p{Lu}\p{L}+(?: \p{Lu}[\p{L}.]*)+$/u;

/**
 * Whether a value looks as if it belonged into another column: an address, a number or a date as a name; an address as a
 * number; a number or a name as an address. A name and a company look alike.
 */
export function isShifted(column: Column, value: string): boolean {
  switch (column) {
    case 'mobile_no':
      return value.includes('@') && ADDRESS.test(value);
    case 'email':
      return !value.includes('@') && (NUMBER.test(value) || PERSON.test(value));
    default:
      return NUMBER.test(value) || (value.includes('@') && ADDRESS.test(value)) || isDate(value);
  }
}
