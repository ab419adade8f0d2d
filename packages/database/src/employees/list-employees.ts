import type { Database } from '../connection/connect.ts';
import { queryPrepared } from '../connection/prepared-statement.ts';
import { query, type Statement } from '../connection/query.ts';
import type { EmployeePosition } from './employee-order.ts';
import {
  COUNT_MATCHES,
  COUNT_MAX,
  type EmployeeQuery,
  FIND_AMONG_ALL,
  FIND_NEAR,
  FIND_PAGE,
  FIND_PAGE_OF_ALL,
  PREPARED_PAGE_OF_ALL,
  pageBindings,
  shapeOf,
} from './employee-page.ts';
import type { EmployeeJson } from './employee-record.ts';
import { BY_TERM, type IndexLookup, indexLookup } from './index-lookup.ts';
import { NO_RANGES, type SearchRanges, searchByRanges } from './search-ranges.ts';

export type EmployeeList = {
  employees: EmployeeJson[];
  /** All that match, up to `COUNT_MAX` where something is filtered by. */
  total: number;
  /** `gte`: there may be more than `total`. */
  totalRelation: 'eq' | 'gte';
  /** Where this page ends; undefined when nothing comes after it. */
  next: EmployeePosition | undefined;
};

/**
 * One page of employees and how many there are.
 *
 * A term that many employees have is found near the start of the list, a rare one by the search index. The planner chooses
 * badly between the two where those who have the term were uploaded together and last. So the first few thousand employees
 * are searched first; only if they do not fill the page is the index asked for all, by what is rare in the term.
 */
export async function listEmployees(database: Database, page: EmployeeQuery): Promise<EmployeeList> {
  const { searchTerm, company } = page.filter;
  if (searchTerm === undefined && company === undefined) return listAll(database, page);
  if (searchTerm === undefined) return toList(page, await findWithTotal(database, FIND_PAGE(page), page));
  const near = await query<FoundRow>(database, FIND_NEAR(page), pageBindings(page));
  const fillsPage = near.length > page.limit;
  const lookup = await indexLookup(database, searchTerm, !fillsPage);
  return searchByRanges(database, async (ranges) => {
    if (fillsPage) return toList(page, { rows: near, total: await countMatches(database, page, lookup, ranges) });
    return toList(page, await findWithTotal(database, FIND_AMONG_ALL(page, lookup, ranges), page, lookup, ranges));
  });
}

/** Of so many employees an index finds a page soonest. A plan that was made for fewer reads and sorts the table. */
const PREPARE_FROM_TOTAL = 1_000;
/** Clients choose the limit, and there is room for few texts: those who ask for 1, 2, 3 and so on take no places. */
const PREPARED_LIMIT_STEP = 10;

/** How many employees there were when a page was last asked for. */
const lastTotals = new WeakMap<Database, number>();

async function listAll(database: Database, page: EmployeeQuery): Promise<EmployeeList> {
  const isPrepared = (lastTotals.get(database) ?? 0) >= PREPARE_FROM_TOTAL && page.limit % PREPARED_LIMIT_STEP === 0;
  const find = isPrepared ? PREPARED_PAGE_OF_ALL : FIND_PAGE_OF_ALL;
  const found = await findWithTotal(database, find(shapeOf(page)), page);
  lastTotals.set(database, found.total);
  return toList(page, found);
}

type FoundRow = { id: number; position_value: string | number; employee: EmployeeJson };
type Found = { rows: FoundRow[]; total: number };

/** One row more than the page is requested: if it exists, there is a next page. */
function toList({ filter, limit }: EmployeeQuery, { rows, total }: Found): EmployeeList {
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  const isCapped = total > COUNT_MAX && (filter.searchTerm !== undefined || filter.company !== undefined);
  return {
    employees: rows.slice(0, limit).map(({ employee }) => employee),
    total: isCapped ? COUNT_MAX : total,
    totalRelation: isCapped ? 'gte' : 'eq',
    next: last && { value: last.position_value, id: last.id },
  };
}

async function countMatches(
  database: Database,
  page: EmployeeQuery,
  lookup: IndexLookup,
  ranges: SearchRanges,
): Promise<number> {
  const [counted] = await query<{ count: number }>(
    database,
    COUNT_MATCHES(page, lookup, ranges),
    pageBindings(page, lookup, ranges),
  );
  return counted?.count ?? 0;
}

async function findWithTotal(
  database: Database,
  pageAndTotal: Statement,
  page: EmployeeQuery,
  lookup: IndexLookup = BY_TERM,
  ranges: SearchRanges = NO_RANGES,
): Promise<Found> {
  const rows = await queryPrepared<{ total: number } & (FoundRow | { id: null })>(
    database,
    pageAndTotal,
    pageBindings(page, lookup, ranges),
  );
  return { total: rows[0]?.total ?? 0, rows: rows.filter((row) => row.id !== null) };
}
