import type { Database } from '../connection/connect.ts';
import {
  type EmployeeOrder,
  type EmployeePosition,
  isAfter,
  orderBy,
  positionBindings,
  positionValue,
} from './employee-order.ts';
import { EMPLOYEE_COLUMNS, type EmployeeRecord } from './employee-record.ts';
import { allOf, type EmployeeFilter, filterBindings, matches } from './employee-search.ts';
import { BY_TERM, type IndexLookup, indexLookup } from './index-lookup.ts';

/** A page of a list: it begins after `after`, or with the first, and leaves out `offset` employees from there. */
export type EmployeeQuery = {
  filter: EmployeeFilter;
  order: EmployeeOrder;
  after: EmployeePosition | undefined;
  offset: number;
  limit: number;
};

export type EmployeeList = {
  employees: EmployeeRecord[];
  /** All that match, up to `COUNT_MAX` where something is filtered by. */
  total: number;
  /** `gte`: there may be more than `total`. */
  totalRelation: 'eq' | 'gte';
  /** Where this page ends; undefined when nothing comes after it. */
  next: EmployeePosition | undefined;
};

/** Counting goes no further: a term that half of the table has would have half of the table read. */
export const COUNT_MAX = 10_000;

/** Ids in a block of `employee_counts`. */
const BLOCK_IDS = 65_536;

/** From here on the blocks find the start of a page sooner than a walk over the index does. */
const FAR_OFFSET = 10_000;

/** Employees looked at, in the order of the list, before the search index is asked: they take 2 ms to 10 ms. */
const NEAR_ROWS = 5_000;
/** For far pages, times as many as the page has need of. */
const NEAR_FACTOR = 4;

/**
 * One page of employees and how many there are.
 *
 * A term that many have is found near the start of the list, a rare one by the search index; which of the two it is, the
 * planner gets badly wrong where those who have the term were uploaded together and last. So the first few thousand are
 * looked at, and only where they do not fill the page, the index is asked for all: by what is rare in the term.
 */
export async function listEmployees(database: Database, query: EmployeeQuery): Promise<EmployeeList> {
  if (query.filter.searchTerm === undefined) return toList(query, await findPage(database, query));
  const near = await findNear(database, query);
  const fillsPage = near.length > query.limit;
  const lookup = await indexLookup(database, query.filter.searchTerm, !fillsPage);
  if (!fillsPage) return toList(query, await findAmongAll(database, query, lookup));
  const total = await countMatches(database, query, lookup);
  return toList(query, { rows: near, total });
}

type FoundRow = EmployeeRecord & { position_value: string | number };
type Found = { rows: FoundRow[]; total: number };

/** One row more than the page has is asked for: it tells whether more come. */
function toList({ filter, limit }: EmployeeQuery, { rows, total }: Found): EmployeeList {
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  const isCapped = total > COUNT_MAX && (filter.searchTerm !== undefined || filter.company !== undefined);
  return {
    employees: rows.slice(0, limit).map(({ position_value, ...employee }) => employee),
    total: isCapped ? COUNT_MAX : total,
    totalRelation: isCapped ? 'gte' : 'eq',
    next: last && { value: last.position_value, id: last.id },
  };
}

/** A page without a search term, and the total, in one round trip. */
function findPage(database: Database, query: EmployeeQuery): Promise<Found> {
  const isWhole = query.filter.company === undefined;
  const isFar = isWhole && query.order.by === 'id' && query.after === undefined && query.offset >= FAR_OFFSET;
  const ids = isFar ? idsFromBlock(query.order) : idsInOrder(query, 'employees', matches(query.filter));
  return findWithTotal(database, query, { total: isWhole ? COUNT_ALL : countUpTo(matches(query.filter)), ids });
}

/** The page, as far as it is found among the employees that the list begins with. */
async function findNear(database: Database, query: EmployeeQuery): Promise<FoundRow[]> {
  const { filter, order, after } = query;
  const { rows } = await database.raw<{ rows: FoundRow[] }>(
    `select ${selected(order)} from (
       select * from employees
       where ${allOf([matches({ ...filter, searchTerm: undefined }), after === undefined ? '' : isAfter(order)])}
       order by ${orderBy(order, 'employees')} limit :nearRows
     ) e
     where ${matches({ ...filter, company: undefined })}
     order by ${orderBy(order, 'e')} limit :rows offset :offset`,
    bindingsOf(query),
  );
  return rows;
}

/**
 * The page and the total from all that match. `materialized` keeps the order and the limit out of the planner's sight:
 * for them it would walk an index over the whole table.
 */
function findAmongAll(database: Database, query: EmployeeQuery, lookup: IndexLookup): Promise<Found> {
  const { filter, order } = query;
  const columns = order.by === 'id' ? 'id' : `id, ${order.by}`;
  return findWithTotal(database, query, {
    found: `with found as materialized (select ${columns} from employees where ${matches(filter, lookup)})`,
    total: 'select count(*) from (select from found limit :countRows) counted',
    ids: idsInOrder(query, 'found', ''),
    lookup,
  });
}

async function countMatches(database: Database, query: EmployeeQuery, lookup: IndexLookup): Promise<number> {
  const { rows } = await database.raw<{ rows: { count: number }[] }>(
    countUpTo(matches(query.filter, lookup)),
    bindingsOf(query, lookup),
  );
  return rows[0]?.count ?? 0;
}

/** Statements that find a total and the ids of a page. */
type PageStatement = { found?: string; total: string; ids: string; lookup?: IndexLookup };

/** The page is found by ids, so that of the employees that are passed over only the index is read. */
async function findWithTotal(
  database: Database,
  query: EmployeeQuery,
  { found = '', total, ids, lookup }: PageStatement,
): Promise<Found> {
  // The outer join gives the total also where the page is empty: one row of nulls.
  const { rows } = await database.raw<{ rows: ({ total: number } & (FoundRow | { id: null }))[] }>(
    `${found}
     select t.total, e.*
     from (${total}) t (total)
     left join (select ${selected(query.order)} from employees where id in (${ids})) e on true
     order by ${orderBy(query.order, 'e')}`,
    bindingsOf(query, lookup),
  );
  return { total: rows[0]?.total ?? 0, rows: rows.filter((row) => row.id !== null).map(withoutTotal) };
}

function withoutTotal({ total: _, ...row }: { total: number } & FoundRow): FoundRow {
  return row;
}

const COUNT_ALL = 'select cast(coalesce(sum(employees), 0) as bigint) from employee_counts';

function countUpTo(condition: string): string {
  return `select count(*) from (select from employees where ${condition} limit :countRows) counted`;
}

/** @param table has the columns of the order: `employees`, or what was found of them. */
function idsInOrder({ order, after }: EmployeeQuery, table: string, condition: string): string {
  return `
    select id from ${table}
    where ${allOf([condition, after === undefined ? '' : isAfter(order)])}
    order by ${orderBy(order, table)} limit :rows offset :offset`;
}

/** The same for all employees in order of id, beginning with the block in which the page begins. */
function idsFromBlock({ descending }: EmployeeOrder): string {
  const direction = descending ? 'desc' : 'asc';
  const firstId = descending ? `(id_block + 1) * ${BLOCK_IDS} - 1` : `id_block * ${BLOCK_IDS}`;
  return `
    with blocks as (
      select id_block, sum(employees) as employees, sum(sum(employees)) over (order by id_block ${direction}) as up_to
      from employee_counts group by id_block
    ),
    start as (
      select ${firstId} as id, cast(:offset - (up_to - employees) as bigint) as skipped
      from blocks
      where up_to - employees <= :offset and up_to > :offset
    )
    select id from employees
    where id ${descending ? '<=' : '>='} (select id from start)
    order by id ${direction} limit :rows offset (select skipped from start)`;
}

function selected(order: EmployeeOrder): string {
  return `${EMPLOYEE_COLUMNS}, ${positionValue(order)} as position_value`;
}

function bindingsOf({ filter, after, offset, limit }: EmployeeQuery, lookup: IndexLookup = BY_TERM) {
  const rows = limit + 1;
  return {
    ...filterBindings(filter, lookup),
    ...positionBindings(after),
    rows,
    offset,
    nearRows: Math.max(NEAR_ROWS, NEAR_FACTOR * (offset + rows)),
    countRows: COUNT_MAX + 1,
  };
}
