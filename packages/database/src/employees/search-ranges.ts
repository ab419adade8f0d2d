import type { Database } from '../connection/connect.ts';
import { sqlState } from '../connection/error-class.ts';
import { query, statement } from '../connection/query.ts';

/** What the search index consists of. Employees after the last range are looked through one by one. */
export type SearchRanges = {
  /** Each has the keys of a range of ids in a table, `employee_search_<number>`. */
  tableNumbers: readonly number[];
  /** The last id of the last range; null: there is none. */
  lastId: number | null;
};

export const NO_RANGES: SearchRanges = { tableNumbers: [], lastId: null };

const FIND_RANGES = statement('select table_number, last_id from employee_search_ranges order by last_id');

/** SQLSTATE undefined_table (Postgres, appendix A). */
const UNDEFINED_TABLE = '42P01';
const ATTEMPTS = 5;

/**
 * Searches by the ranges that there are. Where one of them is replaced meanwhile, its table is gone: then it searches again.
 * Where one is added, those employees are found among the last. So no answer mixes two states of the index.
 */
export async function searchByRanges<T>(database: Database, search: (ranges: SearchRanges) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    const ranges = await findRanges(database);
    try {
      return await search(ranges);
    } catch (error) {
      if (sqlState(error) !== UNDEFINED_TABLE || attempt === ATTEMPTS) throw error;
    }
  }
}

async function findRanges(database: Database): Promise<SearchRanges> {
  const rows = await query<{ table_number: number; last_id: number }>(database, FIND_RANGES);
  return { tableNumbers: rows.map(({ table_number }) => table_number), lastId: rows.at(-1)?.last_id ?? null };
}
