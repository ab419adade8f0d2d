import { isInvisible, trimMarks } from './invisible-marks.ts';
import type { RowErrorCode } from './row-error-codes.ts';

/** Longest e-mail address in characters: RFC 5321's 256-octet path less its angle brackets (RFC 3696, erratum 1690). */
const EMAIL_MAX = 254;
/**
 * An address as servers take it: a dot-atom (RFC 5322, section 3.2.3) and a host name of two labels or more (RFC 1123,
 * section 2.1), the last of letters or an internationalised one (RFC 5890). Quoted names, IP addresses and letters beyond
 * ASCII (RFC 6531) are nobody's address at work.
 */
const EMAIL =
  /^[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*@(?:[a-z\d](?:[a-z\d-]{0,61}[a-z\d])?\.)+(?:[a-z]{2,63}|xn--[a-z\d-]{0,58}[a-z\d])$/i;
const NAME_MAX = 200;
/** Digits of a telephone number: ITU-T E.164 allows 15; below 7 nothing national exists that could be called from outside. */
const MOBILE_DIGITS = { min: 7, max: 15 } as const;

/** A rule that a value breaks. `message` goes on after the name of its column. */
export type RuleViolation = { code: RowErrorCode; message: string };

/** Spaces and hyphens of every kind (U+2010 to U+2015, the minus sign): web pages and word processors write them for ours. */
const MOBILE_SHAPE = /^\(?\+?[\d\p{Zs}().\-\u2010-\u2015\u2212/]+$/u;
/** What spreadsheets make of a number in a cell that is not text: `4.47912E+11`, `4,47912E+11`. Its last digits are lost. */
const ROUNDED_NUMBER = /^[+-]?\d+(?:[.,]\d+)?e[+-]?\d+$/i;
/** What programs make of a column of numbers with a gap in it: `447912345678.0`, by its digits a longer telephone number. */
const DECIMAL_NUMBER = /^[+-]?\d{7,}\.0+$/;

function tooLong(value: string, max: number): RuleViolation[] {
  // A string is never shorter in UTF-16 units than in characters, so most need no second count.
  if (value.length <= max) return [];
  const length = [...value].length;
  return length <= max ? [] : [{ code: 'too_long', message: `has ${length} characters, at most ${max} are allowed` }];
}

export function checkName(value: string): RuleViolation[] {
  return tooLong(value, NAME_MAX);
}

/** Whether a value is written as a telephone number may be. */
export function isMobileNo(value: string): boolean {
  const digits = value.replace(/\D/g, '').length;
  return (
    MOBILE_SHAPE.test(value) &&
    !DECIMAL_NUMBER.test(value) &&
    digits >= MOBILE_DIGITS.min &&
    digits <= MOBILE_DIGITS.max
  );
}

export function checkMobileNo(value: string): RuleViolation[] {
  if (isMobileNo(value)) return [];
  return [{ code: 'invalid_mobile_no', message: whyNoMobileNo(value) }];
}

function whyNoMobileNo(value: string): string {
  if (ROUNDED_NUMBER.test(value))
    return 'was rounded by a spreadsheet: make the column text there, and enter the number again';
  if (DECIMAL_NUMBER.test(value)) return 'was written as a decimal number: take off what follows the point';
  return `must have ${MOBILE_DIGITS.min} to ${MOBILE_DIGITS.max} digits, written with digits, spaces, "+", "-", ".", "/" and round brackets only`;
}

export function checkEmail(value: string): RuleViolation[] {
  const violations = tooLong(value, EMAIL_MAX);
  if (!EMAIL.test(value)) violations.push({ code: 'invalid_email', message: 'is not a well-formed e-mail address' });
  return violations;
}

/**
 * UTF-16 units of a name that may still be short enough: no character of NFC is written with more than four. Longer ones are
 * too long as they are; to normalise a sequence of combining marks takes time by the square of its length (64 KiB: 0.3 s).
 */
const NORMALISED_MAX = 4 * NAME_MAX;

/**
 * The same letters are the same text, however a program writes their accents (Unicode Standard Annex 15, NFC). A name that
 * nobody sees is none.
 */
export function cleanName(value: string): string {
  const name = trimMarks(value);
  if (isInvisible(name)) return '';
  return name.length > NORMALISED_MAX ? name : name.normalize('NFC');
}
