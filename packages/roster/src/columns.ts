import { COLUMN_DECLARATIONS, type ColumnDeclaration } from './column-declarations.ts';

type Declared = (typeof COLUMN_DECLARATIONS)[number];

export type Column = Declared['name'];

type RequiredColumn = Extract<Declared, { required: true }>['name'];

/** A column that lists can be sorted by. */
export type SortedColumn = Extract<Declared, { sorted: true }>['name'];

/** The values of one record, as the file has them; blank where it has none. */
export type RowValues = Record<Column, string>;

/** An employee as stored: every value cleaned and checked, null in an optional column without a value. */
export type Employee = { [C in Column]: C extends RequiredColumn ? string : string | null };

/** What is declared of each column, in its order. */
const DECLARATIONS: readonly (ColumnDeclaration & { name: Column })[] = COLUMN_DECLARATIONS;

/** The columns of an employee, in the order in which a file without a header has them. */
export const COLUMNS: readonly [Column, ...Column[]] = [COLUMN_DECLARATIONS[0].name, ...namesOf(DECLARATIONS.slice(1))];

/** A file fails that lacks one of these. */
export const REQUIRED_COLUMNS: readonly Column[] = namesOf(DECLARATIONS.filter(({ required }) => required));

/** `searchTerm` looks into these. */
export const SEARCHED_COLUMNS: readonly Column[] = namesOf(DECLARATIONS.filter(({ searched }) => searched));

export const SORTED_COLUMNS: readonly SortedColumn[] = COLUMN_DECLARATIONS.filter(isSorted).map(({ name }) => name);

/** The column by which employees are told apart. */
export const KEY_COLUMN = onlyKey(COLUMN_DECLARATIONS.filter(isKey));

/** The column by which people tell employees apart: uploads warn where a row changes it. */
export const NAME_COLUMN = 'employee_name' satisfies Column;

/** All columns but the key: what a row can change of an employee. */
export const VALUE_COLUMNS: readonly Column[] = COLUMNS.filter((column) => column !== KEY_COLUMN);

/** What is declared of a column. */
export function declarationOf(column: Column): ColumnDeclaration {
  return DECLARATION_OF[column];
}

/** A value for each column. */
export function byColumn<T>(value: (column: Column) => T): Record<Column, T> {
  const values: Partial<Record<Column, T>> = {};
  for (const column of COLUMNS) values[column] = value(column);
  // Every column was set.
  return values as Record<Column, T>;
}

const DECLARATION_OF = Object.fromEntries(DECLARATIONS.map((declaration) => [declaration.name, declaration])) as Record<
  Column,
  ColumnDeclaration
>;

function namesOf(declarations: readonly { name: Column }[]): Column[] {
  return declarations.map(({ name }) => name);
}

function isSorted(declaration: Declared): declaration is Extract<Declared, { sorted: true }> {
  return 'sorted' in declaration;
}

function isKey(declaration: Declared): declaration is Extract<Declared, { isKey: true }> {
  return 'isKey' in declaration;
}

function onlyKey<Key>([key, ...others]: readonly { name: Key }[]): Key {
  if (key === undefined || others.length > 0) throw new Error('one column must be the key');
  return key.name;
}
