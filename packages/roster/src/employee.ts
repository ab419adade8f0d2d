import { COLUMN_DECLARATIONS, type ColumnDeclaration } from './column-declarations.ts';
import type { Column, Employee, RowValues } from './columns.ts';
import type { RuleViolation } from './field-rules.ts';
import type { RowError } from './row-error.ts';

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
    const value = clean(values[name]);
    const violations = violationsOf(declaration, value);
    for (const { code, message } of violations) errors.push({ code, column: name, message: `${name} ${message}` });
    employee[name] = value === '' ? null : normalise(declaration, value);
  }
  const [first, ...others] = errors;
  if (first !== undefined) return { ok: false, errors: [first, ...others] };
  // Every column was set, and no required one is null: that would be an error.
  return { ok: true, employee: employee as Employee };
}

const NONE: readonly RuleViolation[] = [];
const CONTROL_CHARACTER = /\p{Cc}/u;
/** What stands for bytes that are no character in the file's encoding (WHATWG Encoding, "decode"). */
const UNREADABLE = '\ufffd';

function violationsOf({ required, check }: ColumnDeclaration, value: string): readonly RuleViolation[] {
  if (value === '') return required ? [{ code: 'required', message: 'is empty' }] : NONE;
  if (CONTROL_CHARACTER.test(value)) return [{ code: 'control_character', message: 'contains a control character' }];
  if (value.includes(UNREADABLE))
    return [{ code: 'unreadable_character', message: 'contains a character that could not be read (U+FFFD)' }];
  return check(value);
}

function normalise(declaration: ColumnDeclaration, value: string): string {
  return declaration.normalise === undefined ? value : declaration.normalise(value);
}
