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

/** More employees than these are searched one by one only if ranges cannot be built. */
const BEHIND_EMPLOYEES = 4 * RANGE_EMPLOYEES;

/** Up to one more than these. There are no more employees than ids, which are counted sooner. */
const COUNT_BEHIND = statement(`
  with indexed as (select coalesce(max(last_id), 0) as last_id from employee_search_ranges)
  select case when (select max(id) from employees) - last_id > ${BEHIND_EMPLOYEES}
    then (select count(*) from (select from employees where id > last_id limit ${BEHIND_EMPLOYEES + 1}) rest)
    else 0 end as employees
  from indexed`);

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

/** SQLSTATEs of a build that gives way: a search that takes long reads what would be replaced, or a writer holds changes. */
const GIVES_WAY = new Set(['55P03', '40P01']);

/** Searches take longer and longer until a range can be built. The message is for the operator. */
class SearchIndexBehindError extends Error {
  override readonly name = 'SearchIndexBehindError';

  constructor() {
    super(
      `more than ${BEHIND_EMPLOYEES} employees are searched one by one: writers are faster than the one that builds the search index, or a transaction that writes employees does not end (pg_stat_activity and pg_prepared_xacts have it)`,
    );
  }
}

/**
 * Keeps the search index up with the rows that this process writes: it builds a range as soon as there are enough employees
 * for it. The writer that does so writes nothing meanwhile; others go on.
 */
export class SearchIndexMaintenance {
  readonly #database: Database;
  #rows = 0;

  constructor(database: Database) {
    this.#database = database;
  }

  /**
   * To be called after rows were written; the rows stay written, whatever becomes of this.
   *
   * @throws what the database throws, and `SearchIndexBehindError` when the index falls behind
   */
  async wrote(rows: number): Promise<void> {
    this.#rows += rows;
    if (this.#rows < ROWS_BETWEEN) return;
    this.#rows = 0;
    const [next] = await query<{ after_id: number | null; last_id: number }>(this.#database, FIND_NEXT);
    if (next === undefined) return;
    const isBuilt = await indexEmployees(this.#database, { afterId: next.after_id, lastId: next.last_id });
    if (isBuilt) return;
    const [rest] = await query<{ employees: number }>(this.#database, COUNT_BEHIND);
    if ((rest?.employees ?? 0) > BEHIND_EMPLOYEES) throw new SearchIndexBehindError();
  }
}

/** Nobody has been added for a minute. */
const IS_IDLE = statement(`
  select coalesce((select created_at from employees order by id desc limit 1) < now() - interval '1 minute', true) as is_idle`);

/** The ranges in order, and the employees after the last as one more. */
const DESCRIBE_INDEX = statement(`
  with ranges as (
    select last_id, employees, coalesce(lag(last_id) over (order by last_id), 0) as after_id from employee_search_ranges
  )
  select last_id, employees, (
      select count(*) from employee_search_changes where employee_id > after_id and employee_id <= last_id
    ) as changes, true as is_indexed
  from ranges
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

/** With more ranges than these, searches take too long to wait for a quiet minute. */
const RANGES_MAX = 32;

/**
 * Tidies the search index while nobody is added: indexes those who are too few for a range of their own, builds ranges anew of
 * which much has changed, and makes large ranges of small ones. When there are very many ranges, it makes large ones of them
 * in any case. Several processes may do so at once: all but one find another at work.
 *
 * @returns how many ranges were built.
 */
export async function tidySearchIndex(database: Database): Promise<number> {
  let built = 0;
  for (;;) {
    const [state] = await query<{ is_idle: boolean }>(database, IS_IDLE);
    const ranges = await describeIndex(database);
    const range = nextRange(state?.is_idle ? ranges : rangesToMergeNow(ranges));
    if (range === undefined || !(await indexEmployees(database, range))) return built;
    built++;
  }
}

function rangesToMergeNow(ranges: readonly IndexedRange[]): IndexedRange[] {
  const indexed = ranges.filter(({ isIndexed }) => isIndexed);
  return indexed.length > RANGES_MAX ? indexed : [];
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
    return await database.transaction(
      async (transaction) => {
        await query(transaction, WITHOUT_TIMEOUT);
        const [answer] = await query<{ is_indexed: boolean }>(transaction, INDEX_EMPLOYEES, [afterId, lastId], {
          clientTimeoutMs: BUILD_TIMEOUT_MS,
        });
        return answer?.is_indexed ?? false;
      },
      { isolationLevel: 'read committed' },
    );
  } catch (error) {
    if (GIVES_WAY.has(sqlState(error) ?? '')) return false;
    throw error;
  }
}
