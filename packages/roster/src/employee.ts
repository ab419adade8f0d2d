import { z } from 'zod';
import { COLUMNS, type Column, type RowValues } from './columns.ts';
import { ROW_ERROR_CODES, type RowError, type RowErrorCode } from './row-error.ts';

/** Longest e-mail address in characters: RFC 5321's 256-octet path less its angle brackets (RFC 3696, erratum 1690). */
const EMAIL_MAX = 254;
const NAME_MAX = 200;
/** Digits of a telephone number: ITU-T E.164 allows 15; below 7 nothing national exists that could be called from outside. */
const MOBILE_DIGITS = { min: 7, max: 15 } as const;

/** An employee as stored: `email` lower case, the others as the file has them but for spaces around them. */
export type Employee = RowValues;

type Issue = { code: RowErrorCode; message: string };

const CONTROL_CHARACTER = /\p{Cc}/u;
const MOBILE_SHAPE = /^\+?[\d ().\-/]+$/;

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
  return MOBILE_SHAPE.test(value) && digits >= MOBILE_DIGITS.min && digits <= MOBILE_DIGITS.max;
}

function checkMobileNo(value: string): Issue[] {
  if (isMobileNo(value)) return [];
  const message = `must have ${MOBILE_DIGITS.min} to ${MOBILE_DIGITS.max} digits, written with digits, spaces, "+", "-", ".", "/" and brackets only`;
  return [{ code: 'invalid_mobile_no', message }];
}

function checkEmail(value: string): Issue[] {
  const issues = tooLong(value, EMAIL_MAX);
  if (!z.regexes.email.test(value))
    issues.push({ code: 'invalid_email', message: 'is not a well-formed e-mail address' });
  return issues;
}

const CHECKS: Record<Column, (value: string) => Issue[]> = {
  employee_name: checkName,
  company_name: checkName,
  mobile_no: checkMobileNo,
  email: checkEmail,
};

function issuesOf(column: Column, value: string): Issue[] {
  if (value === '') return [{ code: 'required', message: 'is empty' }];
  if (CONTROL_CHARACTER.test(value)) return [{ code: 'control_character', message: 'contains a control character' }];
  return CHECKS[column](value);
}

function field(column: Column) {
  return z
    .string()
    .trim()
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
