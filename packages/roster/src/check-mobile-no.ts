import { isDate, isDateOfNumbers } from './dates.ts';
import type { RuleViolation } from './rule-violation.ts';

/** `12. 03. 1987` */
const DATE_LENGTH_MAX = 12;

/** Digits of a telephone number: ITU-T E.164 allows 15; below 7 nothing national exists that could be called from outside. */
const DIGITS = { min: 7, max: 15 } as const;

/** Spaces and hyphens of every kind (U+2010 to U+2015, the minus sign): web pages and word processors write them for ours. */
const SIGNS = '\\d\\p{Zs}().\\-\\u2010-\\u2015\\u2212/';
const SHAPE = new RegExp(`^\\(?\\+?[${SIGNS}]+$`, 'u');
/** Where a number ends: what follows can be its extension. */
const NOT_IN_NUMBERS = new RegExp(`[^+${SIGNS}]`, 'u');
/** A number with spaces alone: nothing but its digits need be looked at. */
const SPACED = /^\+?[\d ]+$/;
/** The same as `SHAPE` for the signs of ASCII, three times as fast. */
const ASCII_SHAPE = /^\(?\+?[\d ()./-]+$/;

/** What spreadsheets make of a number in a cell that is not text: `4.47912E+11`, `4,47912E+11`. Its last digits are lost. */
const ROUNDED_NUMBER = /^[+-]?\d+(?:[.,]\d+)?e[+-]?\d+$/i;
/** What programs make of a column of numbers with a gap in it: `447912345678.0`, by its digits a longer telephone number. */
const DECIMAL_NUMBER = /^[+-]?\d{7,}\.0+$/;

/**
 * How people write an extension, in the languages of those who have some, and up to six digits of it. The sign of the
 * keyboard, `#`, and the pauses of a dialling telephone, `,,`, are among them.
 */
const EXTENSION =
  /^(?:x|ext(?:n|ension)?|durchwahl|dw|nst|app(?:arat)?|poste|int(?:erno|erne)?|ramal|anexo|wew|доб|内線|#|,,)[\s.:=]*\d{1,6}$/iu;

const ZERO = 0x30;

/** Whether a value is written as a telephone number may be, with nothing behind. */
export function isMobileNo(value: string): boolean {
  if (!hasDigits(value) || !/[1-9]/.test(value)) return false;
  return SPACED.test(value) || ((ASCII_SHAPE.test(value) || SHAPE.test(value)) && !isOtherThanNumber(value));
}

/** What has the shape of a number, and is none, or is two. */
function isOtherThanNumber(value: string): boolean {
  return (
    (value.includes('.') && DECIMAL_NUMBER.test(value)) ||
    (value.length <= DATE_LENGTH_MAX && isDateOfNumbers(value)) ||
    hasBrokenBrackets(value) ||
    hasSeveralBySlash(value)
  );
}

export function checkMobileNo(value: string): RuleViolation[] {
  if (isMobileNo(value) || hasExtension(value)) return [];
  return [whyNoNumber(value) ?? SHAPE_BROKEN];
}

function hasDigits(value: string): boolean {
  const digits = countDigits(value);
  return digits >= DIGITS.min && digits <= DIGITS.max;
}

function countDigits(value: string): number {
  let digits = 0;
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    if (code >= ZERO && code <= ZERO + 9) digits++;
  }
  return digits;
}

function hasExtension(value: string): boolean {
  const start = value.search(NOT_IN_NUMBERS);
  // Of endless texts there is no more to say than that they are no number.
  if (start === -1 || value.length > 200) return false;
  const number = value.slice(0, start).trimEnd();
  const extension = value.slice(start);
  return number.endsWith('(') && extension.endsWith(')')
    ? EXTENSION.test(extension.slice(0, -1)) && isMobileNo(number.slice(0, -1).trimEnd())
    : EXTENSION.test(extension) && isMobileNo(number);
}

const MUST_HAVE = `must have ${DIGITS.min} to ${DIGITS.max} digits, written with digits, spaces, "+", "-", ".", "/" and round brackets only`;
const SHAPE_BROKEN: RuleViolation = { code: 'invalid_mobile_no', message: MUST_HAVE };

/** The first thing that is wrong; undefined where nothing is but the shape. */
function whyNoNumber(value: string): RuleViolation | undefined {
  for (const [code, isWrong, message] of REASONS) if (isWrong(value)) return { code, message };
  return undefined;
}

const REASONS: readonly [RuleViolation['code'], (value: string) => boolean, string][] = [
  [
    'mobile_no_rounded',
    (value) => ROUNDED_NUMBER.test(value),
    'was rounded by a spreadsheet: make the column text there, and enter the number again',
  ],
  [
    'mobile_no_decimal',
    (value) => DECIMAL_NUMBER.test(value),
    'was written as a decimal number: take off what follows the point',
  ],
  [
    'mobile_no_is_email',
    (value) => value.includes('@'),
    'has an e-mail address: the values may be in the wrong columns',
  ],
  ['mobile_no_is_date', isDate, 'has a date: the values may be in the wrong columns'],
  ['mobile_no_of_zeros', (value) => /\d/.test(value) && !/[1-9\p{L}]/u.test(value), 'has nothing but zeros'],
  ['several_mobile_nos', hasSeveral, 'has several numbers, one is allowed'],
  ['mobile_no_letters', (value) => /\p{L}/u.test(value), `has letters: it ${MUST_HAVE}`],
  ['mobile_no_brackets', hasBrokenBrackets, 'has a bracket without its other half'],
  ['mobile_no_digits', (value) => !hasDigits(value), MUST_HAVE],
];

/** What stands between two numbers. Within one number a slash can stand too, behind the area code. */
const BETWEEN_NUMBERS = /\s*(?:[,;|&]|:::|\s(?:or|and|und|oder|ou|et|y|o)\s|(?<=\d{5})\s*\+)\s*/i;

function hasSeveral(value: string): boolean {
  if (value.length > 200) return false;
  const numbers = value.split(BETWEEN_NUMBERS).filter((part) => countDigits(part) >= 6 && SHAPE.test(part.trim()));
  return numbers.length > 1 || hasSeveralBySlash(value) || hasSeveralBySpace(value);
}

/** Nothing but spaces between them: too many digits, and another number begins with `+` or `0` behind a space. */
function hasSeveralBySpace(value: string): boolean {
  if (countDigits(value) <= DIGITS.max) return false;
  return value.split(/\s+(?=[+(0])/).filter((part) => countDigits(part) >= DIGITS.min && SHAPE.test(part)).length > 1;
}

function hasSeveralBySlash(value: string): boolean {
  if (!value.includes('/')) return false;
  return value.split('/').some((part, index, parts) => {
    const next = parts[index + 1];
    return next !== undefined && countDigits(part) >= wholeFrom(part.trim()) && countDigits(next) >= 6;
  });
}

/**
 * Digits from which on a number is whole, so that what a slash follows is no area code: German ones have five with their
 * zero, and two of the country before.
 */
function wholeFrom(number: string): number {
  if (/^\(?(?:\+|00)/.test(number)) return 10;
  return /^\(?0/.test(number) ? 9 : 6;
}

/** Brackets come in pairs, one pair after the other. */
function hasBrokenBrackets(value: string): boolean {
  return (value.includes('(') || value.includes(')')) && /[()]/.test(value.replace(/\([^()]*\)/g, ''));
}
