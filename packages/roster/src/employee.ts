import { z } from 'zod';
import { COLUMNS, type Column, type RowValues } from './columns.ts';
import { trimMarks, withoutMarks } from './invisible-marks.ts';
import { ROW_ERROR_CODES, type RowError, type RowErrorCode } from './row-error.ts';

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

/** An employee as stored: `email` lower case, the others as the file has them but for spaces and what nobody sees, names in NFC. */
export type Employee = RowValues;

type Issue = { code: RowErrorCode; message: string };

const CONTROL_CHARACTER = /\p{Cc}/u;
/** What stands for bytes that are no character in the file's encoding (WHATWG Encoding, "decode"). */
const UNREADABLE = '\ufffd';
/** Spaces and hyphens of every kind (U+2010 to U+2015, the minus sign): web pages and word processors write them for ours. */
const MOBILE_SHAPE = /^\(?\+?[\d\p{Zs}().\-\u2010-\u2015\u2212/]+$/u;
/** What spreadsheets make of a number in a cell that is not text: `4.47912E+11`, `4,47912E+11`. Its last digits are lost. */
const ROUNDED_NUMBER = /^[+-]?\d+(?:[.,]\d+)?e[+-]?\d+$/i;
/** What programs make of a column of numbers with a gap in it: `447912345678.0`, by its digits a longer telephone number. */
const DECIMAL_NUMBER = /^[+-]?\d{7,}\.0+$/;

function tooLong(value: string, max: number): Issue[] {
  // A string is never shorter in UTF-16 units than in characters, so most need no second count.
  if (value.length <= max) return [];
  const length = [...value].length;
  return length <= max ? [] : [{ code: 'too_long', message: `has ${length} characters, at most ${max} are allowed` }];
}

function checkName(value: string): Issue[] {
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

function checkMobileNo(value: string): Issue[] {
  if (isMobileNo(value)) return [];
  return [{ code: 'invalid_mobile_no', message: whyNoMobileNo(value) }];
}

function whyNoMobileNo(value: string): string {
  if (ROUNDED_NUMBER.test(value))
    return 'was rounded by a spreadsheet: make the column text there, and enter the number again';
  if (DECIMAL_NUMBER.test(value)) return 'was written as a decimal number: take off what follows the point';
  return `must have ${MOBILE_DIGITS.min} to ${MOBILE_DIGITS.max} digits, written with digits, spaces, "+", "-", ".", "/" and round brackets only`;
}

function checkEmail(value: string): Issue[] {
  const issues = tooLong(value, EMAIL_MAX);
  if (!EMAIL.test(value)) issues.push({ code: 'invalid_email', message: 'is not a well-formed e-mail address' });
  return issues;
}

/** The same letters are the same text, however a program writes their accents (Unicode Standard Annex 15, NFC). */
function cleanName(value: string): string {
  return trimMarks(value).normalize('NFC');
}

const CLEAN: Record<Column, (value: string) => string> = {
  employee_name: cleanName,
  company_name: cleanName,
  mobile_no: withoutMarks,
  email: withoutMarks,
};

const CHECKS: Record<Column, (value: string) => Issue[]> = {
  employee_name: checkName,
  company_name: checkName,
  mobile_no: checkMobileNo,
  email: checkEmail,
};

function issuesOf(column: Column, value: string): Issue[] {
  if (value === '') return [{ code: 'required', message: 'is empty' }];
  if (CONTROL_CHARACTER.test(value)) return [{ code: 'control_character', message: 'contains a control character' }];
  if (value.includes(UNREADABLE))
    return [{ code: 'unreadable_character', message: 'contains a character that could not be read (U+FFFD)' }];
  return CHECKS[column](value);
}

function field(column: Column) {
  return z
    .string()
    .overwrite(CLEAN[column])
    .check((context) => {
      for (const { code, message } of issuesOf(column, context.value)) {
        context.issues.push({ code: 'custom', input: context.value, message, params: { code } });
      }
    });
}

const employeeSchema = z.object({
  employee_name: field('employee_name'),
  company_name: field('company_name'),
  mobile_no: field('mobile_no'),
  email: field('email').transform((email) => email.toLowerCase()),
});

export type RowCheck = { ok: true; employee: Employee } | { ok: false; errors: [RowError, ...RowError[]] };

/**
 * Checks one row against the rules of an employee and brings it into stored form.
 *
 * @returns the employee, or every error of the row: one for each rule that a column breaks, in column order.
 */
export function checkRow(values: RowValues): RowCheck {
  const result = employeeSchema.safeParse(values);
  if (result.success) return { ok: true, employee: result.data };
  const [first, ...rest] = result.error.issues.map((issue) => toRowError(issue));
  if (first === undefined) throw new Error('zod refused a row without an issue');
  return { ok: false, errors: [first, ...rest] };
}

function toRowError(issue: z.core.$ZodIssue): RowError {
  const column = columnSchema.parse(issue.path[0]);
  const { code } = issueParams.parse(issue.code === 'custom' ? issue.params : undefined);
  return { code, column, message: `${column} ${issue.message}` };
}

const columnSchema = z.enum(COLUMNS);
const issueParams = z.object({ code: z.enum(ROW_ERROR_CODES) });
