import { COLUMNS, type Employee } from '@rowferry/roster';

export type EmployeeRecord = Employee & { id: number; created_at: Date; updated_at: Date };

/** An employee as the API answers it, as JSON text. */
export type EmployeeJson = string;

/**
 * For `select`: an `EmployeeJson`. Postgres makes it in 2 µs; Node would take four times as long to read the values, make an
 * object of them and write that. Moments are those of `Date.toISOString`, with milliseconds.
 */
export const EMPLOYEE_JSON = `(
  select cast(row_to_json(employee) as text)
  from (select id, ${COLUMNS.join(', ')}, ${isoMoment('created_at')} as "createdAt", ${isoMoment('updated_at')} as "updatedAt") employee
)`;

/** Colons are quoted, as knex takes `:MI` for a binding. */
function isoMoment(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24":"MI":"SS.MS"Z"')`;
}

/** The columns of an `EmployeeRecord`, for `select`. */
export const EMPLOYEE_COLUMNS = `id, ${COLUMNS.join(', ')}, created_at, updated_at`;
