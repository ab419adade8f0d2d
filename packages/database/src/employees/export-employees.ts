import type { Database } from '../connection/connect.ts';
import { query, statement, statementBuilder } from '../connection/query.ts';
import { type EmployeeOrder, orderBy } from './employee-order.ts';
import { EMPLOYEE_COLUMNS, type EmployeeRecord } from './employee-record.ts';
import { type EmployeeFilter, filterBindings, matches } from './employee-search.ts';

/** Employees fetched at a time: more are not faster, and each takes some 500 bytes until it is sent. */
const FETCH_ROWS = 1000;

export const DECLARE_EXPORT = statementBuilder(
  (filter: EmployeeFilter, order: EmployeeOrder) => `
    declare employee_export no scroll cursor for
    select ${EMPLOYEE_COLUMNS} from employees where ${matches(filter)} order by ${orderBy(order, 'employees')}`,
);
const FETCH_BATCH = statement(`fetch ${FETCH_ROWS} from employee_export`);

/**
 * All employees that match, in batches, as they are at the moment of the first. Holds one connection until it has come to
 * its end or is returned from; memory is that of a batch. The first batch says whether the query can be served at all.
 *
 * A cursor of SQL's and not a stream of the protocol's (pg-query-stream): each fetch has the time limit of a statement,
 * however slow the reader is, and a server that stops fails the next fetch, where the stream would wait for its answer
 * for ever.
 *
 * @throws what the database throws, at any batch.
 */
export async function* readEmployees(
  database: Database,
  { filter, order }: { filter: EmployeeFilter; order: EmployeeOrder },
): AsyncGenerator<EmployeeRecord[], void> {
  const transaction = await database.transaction(undefined, { readOnly: true });
  try {
    await query(transaction, DECLARE_EXPORT(filter, order), filterBindings(filter));
    for (;;) {
      const rows = await query<EmployeeRecord>(transaction, FETCH_BATCH);
      if (rows.length > 0) yield rows;
      if (rows.length < FETCH_ROWS) return;
    }
  } finally {
    // Of a connection that is lost there is nothing to roll back; knex leaves it out of its pool.
    await transaction.rollback().catch(() => {});
  }
}
