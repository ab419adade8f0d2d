import { z } from 'zod';
import { COLUMNS, type Column } from './columns.ts';
import type { UploadFailure } from './failure.ts';

/**
 * Names under which real files carry each column. Compared without regard to case, spaces and punctuation,
 * so `E-Mail`, `e_mail` and `EMAIL` are one name.
 */
const ALIASES: Record<Column, readonly string[]> = {
  employee_name: ['employee name', 'employee', 'full name', 'name', 'staff name', 'worker name'],
  company_name: [
    'company name',
    'company',
    'organisation',
    'organization',
    'organisation name',
    'organization name',
    'employer',
  ],
  mobile_no: [
    'mobile no',
    'mobile',
    'mobile number',
    'mobile phone',
    'phone',
    'phone no',
    'phone number',
    'telephone',
    'tel',
    'cell',
    'cell phone',
    'contact number',
  ],
  email: ['email', 'mail', 'email address', 'mail address', 'email id', 'work email'],
};

const COLUMN_BY_NAME: ReadonlyMap<string, Column> = new Map(
  COLUMNS.flatMap((column) => ALIASES[column].map((alias) => [foldName(alias), column] as const)),
);

const position = z.int().nonnegative();

/** Where in a record each column stands. */
export const headerMapSchema = z.object({
  /** False where the file has no header and the columns are taken by position. */
  hasHeader: z.boolean(),
  /** Fields in a record, trailing empty header cells left out. */
  width: z.int().positive(),
  /** Index of each column's field. */
  positions: z.object({ employee_name: position, company_name: position, mobile_no: position, email: position }),
  /** Header cells that no column is read from, as the file spells them. */
  ignoredColumns: z.array(z.string()),
});

export type HeaderMap = z.infer<typeof headerMapSchema>;

export type HeaderResult = { ok: true; header: HeaderMap } | { ok: false; failure: UploadFailure };

/**
 * Reads a file's first record: a header by its names, in any order; or, where no name matches and it looks like
 * an employee (four fields, the fourth an e-mail address), data without a header.
 */
export function readHeader(cells: readonly string[]): HeaderResult {
  const named = cells.map((cell) => COLUMN_BY_NAME.get(foldName(cell)));
  if (named.every((column) => column === undefined) && looksLikeEmployee(cells)) {
    return { ok: true, header: positionalHeader() };
  }
  const width = cells.findLastIndex((cell) => cell.trim() !== '') + 1;
  const found = cellsByColumn(cells, named);
  const ambiguous = COLUMNS.filter((column) => (found.get(column)?.length ?? 0) > 1);
  if (ambiguous.length > 0) return { ok: false, failure: ambiguousColumns(ambiguous, found) };
  const missing = COLUMNS.filter((column) => !found.has(column));
  if (missing.length > 0) return { ok: false, failure: missingColumns(missing, cells.slice(0, width)) };
  return {
    ok: true,
    header: {
      hasHeader: true,
      width,
      positions: byColumn((column) => named.indexOf(column)),
      ignoredColumns: cells.slice(0, width).filter((_, index) => named[index] === undefined),
    },
  };
}

function foldName(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '');
}

function looksLikeEmployee(cells: readonly string[]): boolean {
  return cells.length === COLUMNS.length && /^[^\s@]+@[^\s@]+$/.test((cells[COLUMNS.length - 1] ?? '').trim());
}

function positionalHeader(): HeaderMap {
  return {
    hasHeader: false,
    width: COLUMNS.length,
    positions: byColumn((column) => COLUMNS.indexOf(column)),
    ignoredColumns: [],
  };
}

function byColumn(value: (column: Column) => number): Record<Column, number> {
  return {
    employee_name: value('employee_name'),
    company_name: value('company_name'),
    mobile_no: value('mobile_no'),
    email: value('email'),
  };
}

function cellsByColumn(cells: readonly string[], named: readonly (Column | undefined)[]): Map<Column, string[]> {
  const found = new Map<Column, string[]>();
  for (const [index, column] of named.entries()) {
    if (column !== undefined) found.set(column, [...(found.get(column) ?? []), cells[index] ?? '']);
  }
  return found;
}

function ambiguousColumns(columns: readonly Column[], found: ReadonlyMap<Column, readonly string[]>): UploadFailure {
  const clashes = columns.map((column) => `${column} (${quoteAll(found.get(column) ?? [])})`);
  return {
    code: 'ambiguous_columns',
    detail: `More than one column of the header could be ${clashes.join(', ')}. Rename or remove all but one.`,
    columns: [...columns],
  };
}

function missingColumns(columns: readonly Column[], cells: readonly string[]): UploadFailure {
  return {
    code: 'missing_columns',
    detail: `The header lacks ${columns.join(', ')}. It has: ${quoteAll(cells)}.`,
    columns: [...columns],
  };
}

/** Header cells for an error text: bounded, since a file that is not a roster can have anything there. */
function quoteAll(cells: readonly string[]): string {
  const shown = cells.slice(0, 20).map((cell) => JSON.stringify(cell.trim().slice(0, 40)));
  return shown.join(', ') + (cells.length > shown.length ? ` and ${cells.length - shown.length} more` : '');
}
