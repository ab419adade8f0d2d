import { standsForNothing } from './blank-words.ts';
import { COLUMN_DECLARATIONS, type ColumnDeclaration } from './column-declarations.ts';
import type { Column, Employee, RowValues } from './columns.ts';
import { isInvisible, trimMarks } from './invisible-marks.ts';
import type { RowError } from './row-error.ts';
import type { RuleViolation } from './rule-violation.ts';

export type RowCheck = { ok: true; employee: Employee } | { ok: false; errors: [RowError, ...RowError[]] };

/**
 * Checks one row against the rules of an employee and brings it into stored form.
 *
 * @returns the employee, or every error of the row: one for each rule that a column breaks, in column order.
 */
export function checkRow(values: RowValues): RowCheck {
  const employee: Partial<Record<Column, string | null>> = {};
  const errors: RowError[] = [];
  for (const declaration of COLUMN_DECLARATIONS) {
    const { name, clean }: { name: Column; clean: ColumnDeclaration['clean'] } = declaration;
    const value = toValue(values[name], clean);
    const violations = value === '' ? blankViolations(declaration, values[name]) : violationsOf(declaration, value);
    for (const { code, message } of violations) errors.push({ code, column: name, message: `${name} ${message}` });
    employee[name] = value === '' ? null : normalise(declaration, value);
  }
  const [first, ...others] = errors;
  if (first !== undefined) return { ok: false, errors: [first, ...others] };
  // Every column was set, and no required one is null: that would be an error.
  return { ok: true, employee: employee as Employee };
}

const NONE: readonly RuleViolation[] = [];
/**
 * Unicode's `Cc`, and what stands for bytes that are no character in the file's encoding (WHATWG Encoding, "decode"): both at
 * once, as almost no value has one.
 */
const CONTROL_OR_UNREADABLE = /[\p{Cc}\ufffd]/u;
const CONTROL_CHARACTER = /\p{Cc}/u;

/** The cleaned value of a cell: blank where it has only a word that stands for nothing, also in what `clean` takes off. */
function toValue(cell: string, clean: ColumnDeclaration['clean']): string {
  const text = trimMarks(cell);
  if (standsForNothing(text)) return '';
  const value = clean(text);
  return value !== text && standsForNothing(value) ? '' : value;
}

function blankViolations({ required }: ColumnDeclaration, cell: string): readonly RuleViolation[] {
  if (!required) return NONE;
  const message = isInvisible(cell)
    ? 'is empty'
    : 'has only a word or sign that stands for no value, such as NULL or N/A';
  return [{ code: 'required', message }];
}

function violationsOf({ check }: ColumnDeclaration, value: string): readonly RuleViolation[] {
  return CONTROL_OR_UNREADABLE.test(value) ? [unreadable(value)] : check(value);
}

function unreadable(value: string): RuleViolation {
  return CONTROL_CHARACTER.test(value)
    ? { code: 'control_character', message: 'contains a control character' }
    : { code: 'unreadable_character', message: 'contains a character that could not be read (U+FFFD)' };
}

function normalise(declaration: ColumnDeclaration, value: string): string {
  return declaration.normalise === undefined ? value : declaration.normalise(value);
}
