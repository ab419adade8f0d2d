const MONTH =
  '(?:jan|feb|mar|mär|mrz|apr|may|mai|jun|jul|aug|sep|oct|okt|nov|dec|dez|janv|févr|mars|avr|juin|juil|août|déc|ene|abr|ago|dic|gen|mag|giu|lug|set|ott)\\p{L}*\\.?';
const TIME = '(?:[T ]+\\d{1,2}:\\d{2}.*)?';
const NUMBERS = new RegExp(`^(\\d{1,4})(?:\\.\\s?|([/-]))(\\d{1,2})(?:\\2|\\.\\s?)(\\d{1,4})${TIME}$`);
const WITH_WORD = new RegExp(
  `^(?:\\d{1,2}[. -]*${MONTH}|${MONTH}[. -]*\\d{1,2},?)[. -]*(?:\\d{2}|\\d{4})${TIME}$`,
  'iu',
);

/** Longer values are no dates. */
const LENGTH_MAX = 40;

/** Whether a value is a day of the calendar, in any usual order: `12.03.1987`, `2024-01-15`, `3/12/1987`, `15 Jan 2024`. */
export function isDate(value: string): boolean {
  return value.length <= LENGTH_MAX && /\d/.test(value) && (isDateOfNumbers(value) || WITH_WORD.test(value));
}

/** The same for a value that has no letters. */
export function isDateOfNumbers(value: string): boolean {
  const [, first = '', , middle = '', last = ''] = NUMBERS.exec(value) ?? [];
  if (isYear(first)) return isMonthAndDay(middle, last);
  return (isYear(last) || (last.length === 2 && first.length <= 2)) && isMonthAndDay(first, middle);
}

function isYear(text: string): boolean {
  return text.length === 4 && Number(text) >= 1900 && Number(text) < 2100;
}

function isMonthAndDay(one: string, other: string): boolean {
  const [smaller = 0, larger = 0] = [Number(one), Number(other)].sort((a, b) => a - b);
  return one.length <= 2 && other.length <= 2 && smaller >= 1 && smaller <= 12 && larger <= 31;
}
