import { byColumn, KEY_COLUMN, SORTED_COLUMNS } from '@rowferry/roster';

/** What a list of employees can be in order of. Each has an index, so that a page need not sort the table. */
export const EMPLOYEE_SORTS = ['id', ...SORTED_COLUMNS, 'created_at'] as const;

export type EmployeeSort = (typeof EMPLOYEE_SORTS)[number];

/** Employees with the same value are in order of id, descending too if the order is. */
export type EmployeeOrder = { by: EmployeeSort; descending: boolean };

/** Where in an order an employee stands: its value there, and its id. Of `created_at` microseconds since 1970. */
export type EmployeePosition = { value: string | number; id: number };

/** No two employees have the same of these: nothing needs to break a tie. */
const UNIQUE: ReadonlySet<EmployeeSort> = new Set(['id', KEY_COLUMN]);

/** For `order by`. @param table name or alias of what has the columns. */
export function orderBy({ by, descending }: EmployeeOrder, table: string): string {
  const direction = descending ? 'desc' : 'asc';
  return columnsOf(by)
    .map((column) => `${table}.${column} ${direction}`)
    .join(', ');
}

/** An employee's value in this order, as it is in an `EmployeePosition`: JavaScript's dates have milliseconds only. */
export function positionValue({ by }: EmployeeOrder): string {
  return by === 'created_at' ? 'cast(extract(epoch from created_at) * 1000000 as bigint)' : by;
}

/** The condition that an employee comes after the position that `positionBindings` binds. */
export function isAfter({ by, descending }: EmployeeOrder): string {
  const values = columnsOf(by).map((column) => POSITION_BINDINGS[column]);
  return `(${columnsOf(by).join(', ')}) ${descending ? '<' : '>'} (${values.join(', ')})`;
}

export function positionBindings(position: EmployeePosition | undefined) {
  return { afterValue: position?.value ?? null, afterId: position?.id ?? null };
}

const POSITION_BINDINGS: Record<EmployeeSort, string> = {
  ...byColumn(() => ':afterValue'),
  id: 'cast(:afterId as bigint)',
  created_at: "timestamptz 'epoch' + cast(:afterValue as bigint) * interval '1 microsecond'",
};

function columnsOf(by: EmployeeSort): EmployeeSort[] {
  return UNIQUE.has(by) ? [by] : [by, 'id'];
}
