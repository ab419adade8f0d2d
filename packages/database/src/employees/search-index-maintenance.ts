import type { Database } from '../connection/connect.ts';
import { sqlState } from '../connection/error-class.ts';
import { query, statement } from '../connection/query.ts';
import { type IndexedRange, nextRange } from './next-range.ts';

/** Employees of a range, while rows are written. */
const RANGE_EMPLOYEES = 65_536;
/** The newest employees are left alone: the ids between them may be those of rows that others are writing. */
const UNSETTLED_EMPLOYEES = 8_192;
/** Rows that a process writes between two looks. */
const ROWS_BETWEEN = 8_192;

/** Where the next range would end; no row before there are enough employees for one. The first condition is cheap. */
const FIND_NEXT = statement(`
  select after_id, last_id
  from (select max(last_id) as after_id from employee_search_ranges) indexed,
    lateral (
      select id as settled_id from employees
      where id > coalesce(after_id, 0)
        and (select max(id) from employees) - coalesce(after_id, 0) >= ${RANGE_EMPLOYEES + UNSETTLED_EMPLOYEES}
      order by id offset ${RANGE_EMPLOYEES + UNSETTLED_EMPLOYEES - 1} limit 1
    ) settled,
    lateral (
      select id as last_id from employees where id > coalesce(after_id, 0) order by id offset ${RANGE_EMPLOYEES - 1} limit 1
    ) next`);

const INDEX_EMPLOYEES = statement('select index_employees(?, ?) as is_indexed');

/** SQLSTATE lock_not_available: a search that takes long reads what would be replaced. */
const LOCK_NOT_AVAILABLE = '55P03';

/**
 * Keeps the search index up with the rows that this process writes: it builds a range as soon as there are enough employees
 * for it. The writer that does so writes nothing meanwhile, so writers that are too fast for the index are held up.
 */
export class SearchIndexMaintenance {
  readonly #database: Database;
  #rows = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  /** To be called after rows were written. @throws what the database throws; the rows stay written. */
  async wrote(rows: number): Promise<void> {
    this.#rows += rows;
    if (this.#rows < ROWS_BETWEEN) return;
    this.#rows = 0;
    const [next] = await query<{ after_id: number | null; last_id: number }>(this.#database, FIND_NEXT);
    if (next !== undefined) await indexEmployees(this.#database, { afterId: next.after_id, lastId: next.last_id });
  }
}

/** Nobody has been added for a minute. */
const IS_IDLE = statement(`
  select coalesce((select created_at from employees order by id desc limit 1) < now() - interval '1 minute', true) as is_idle`);

/** The ranges in order, and the employees after the last as one more. */
const DESCRIBE_INDEX = statement(`
  with changed as (
    select range_id, count(*) as changes
    from employee_search_changes c,
      lateral (
        select last_id as range_id from employee_search_ranges where last_id >= c.employee_id order by last_id limit 1
      ) r
    group by range_id
  )
  select last_id, employees, coalesce(changes, 0) as changes, true as is_indexed
  from employee_search_ranges left join changed on range_id = last_id
  union all
  select max(id), count(*), 0, false
  from (
    select id from employees
    where id > coalesce((select max(last_id) from employee_search_ranges), 0) order by id limit ${8 * RANGE_EMPLOYEES}
  ) rest
  having count(*) > 0
  order by last_id`);

const WITHOUT_TIMEOUT = statement('set local statement_timeout = 0');
/** A range of four million employees takes about a minute. */
const BUILD_TIMEOUT_MS = 10 * 60 * 1000;

/**
 * Tidies the search index while nobody is added: indexes those who are too few for a range of their own, builds ranges anew of
 * which much has changed, and makes large ranges of small ones. Several processes may do so at once: all but one find
 * another at work.
 *
 * @returns how many ranges were built.
 */
export async function tidySearchIndex(database: Database): Promise<number> {
  let built = 0;
  for (;;) {
    const [state] = await query<{ is_idle: boolean }>(database, IS_IDLE);
    const range = state?.is_idle ? nextRange(await describeIndex(database)) : undefined;
    if (range === undefined || !(await indexEmployees(database, range))) return built;
    built++;
  }
}

async function describeIndex(database: Database): Promise<IndexedRange[]> {
  const rows = await query<{ last_id: number; employees: number; changes: number; is_indexed: boolean }>(
    database,
    DESCRIBE_INDEX,
  );
  return rows.map(({ last_id, employees, changes, is_indexed }) => ({
    lastId: last_id,
    employees,
    changes,
    isIndexed: is_indexed,
  }));
}

/** @returns whether it was built: not where somebody else builds, or a transaction that writes or searches goes on for seconds. */
async function indexEmployees(
  database: Database,
  { afterId, lastId }: { afterId: number | null; lastId: number },
): Promise<boolean> {
  try {
    return await database.transaction(async (transaction) => {
      await query(transaction, WITHOUT_TIMEOUT);
      const [answer] = await query<{ is_indexed: boolean }>(transaction, INDEX_EMPLOYEES, [afterId, lastId], {
        clientTimeoutMs: BUILD_TIMEOUT_MS,
      });
      return answer?.is_indexed ?? false;
    });
  } catch (error) {
    if (sqlState(error) === LOCK_NOT_AVAILABLE) return false;
    throw error;
  }
}
