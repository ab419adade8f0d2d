import { preparedStatementBuilder } from '../connection/prepared-statement.ts';
import { statementBuilder } from '../connection/query.ts';
import {
  type EmployeeOrder,
  type EmployeePosition,
  isAfter,
  orderBy,
  positionBindings,
  positionValue,
} from './employee-order.ts';
import { EMPLOYEE_JSON } from './employee-record.ts';
import { allOf, type EmployeeFilter, filterBindings, findMatching, matches } from './employee-search.ts';
import { BY_TERM, type IndexLookup } from './index-lookup.ts';
import { NO_RANGES, type SearchRanges } from './search-ranges.ts';

/** A page of a list: it begins after `after`, or with the first, and leaves out `offset` employees from there. */
export type EmployeeQuery = {
  filter: EmployeeFilter;
  order: EmployeeOrder;
  after: EmployeePosition | undefined;
  offset: number;
  limit: number;
};

/** Counting goes no further: a term that half of the table has would have half of the table read. */
export const COUNT_MAX = 10_000;

/** Employees searched in the order of the list before the search index is asked: they take 2 ms to 10 ms. */
const NEAR_ROWS = 5_000;
/** For far pages, a multiple of the employees up to the end of the page. */
const NEAR_FACTOR = 4;

/** Ids in a block of `employee_counts`. */
const BLOCK_IDS = 65_536;

/** From here on the blocks find the start of a page sooner than a walk over the index does. */
const FAR_OFFSET = 10_000;

/** What the text of a page of all employees depends on. */
export type PageShape = { order: EmployeeOrder; start: 'offset' | 'block' | 'position'; rows: number };

export function shapeOf({ order, after, offset, limit }: EmployeeQuery): PageShape {
  const start = after !== undefined ? 'position' : order.by === 'id' && offset >= FAR_OFFSET ? 'block' : 'offset';
  return { order, start, rows: limit + 1 };
}

/**
 * A page of all employees, and the total, in one round trip. The planner is told how many rows are wanted, and not, even
 * where it could see the value, how many are left out before: so its plan is the same for all pages, and Postgres keeps it.
 */
function findPageOfAll({ order, start, rows }: PageShape): string {
  const condition = start === 'position' ? isAfter(order) : '';
  const range = `limit ${rows} offset (select cast(:offset as bigint))`;
  return withTotal(order, {
    total: COUNT_ALL,
    ids: start === 'block' ? idsFromBlock(order, rows) : idsInOrder(order, { table: 'employees', condition, range }),
  });
}

export const FIND_PAGE_OF_ALL = statementBuilder(findPageOfAll);
export const PREPARED_PAGE_OF_ALL = preparedStatementBuilder(findPageOfAll);

/** A page of those who match without a search term, and the total. Planned each time: companies differ in size. */
export const FIND_PAGE = statementBuilder((query: EmployeeQuery) =>
  withTotal(query.order, {
    total: countUpTo(`select from employees where ${matches(query.filter)}`),
    ids: idsOfPage(query, 'employees', matches(query.filter)),
  }),
);

/** The page, as far as it is found among the employees that the list begins with. */
export const FIND_NEAR = statementBuilder(
  ({ filter, order, after }: EmployeeQuery) => `
    select ${selected(order)} from (
      select e.* from (
        select * from employees
        where ${allOf([matches({ ...filter, searchTerm: undefined }), after === undefined ? '' : isAfter(order)])}
        order by ${orderBy(order, 'employees')} limit :nearRows
      ) e
      where ${matches({ ...filter, company: undefined })}
      order by ${orderBy(order, 'e')} limit :rows offset :offset
    ) e
    order by ${orderBy(order, 'e')}`,
);

/**
 * The page and the total from all that match. `materialized` hides the order and the limit from the planner, which would
 * walk an index over the whole table for them.
 */
export const FIND_AMONG_ALL = statementBuilder((query: EmployeeQuery, lookup: IndexLookup, ranges: SearchRanges) => {
  const columns = query.order.by === 'id' ? ['id'] : ['id', query.order.by];
  return `
    with found as materialized (${findMatching(columns, query.filter, lookup, ranges)})
    ${withTotal(query.order, { total: countUpTo('select from found'), ids: idsOfPage(query, 'found', '') })}`;
});

export const COUNT_MATCHES = statementBuilder(({ filter }: EmployeeQuery, lookup: IndexLookup, ranges: SearchRanges) =>
  countUpTo(findMatching(['id'], filter, lookup, ranges)),
);

/**
 * A total and a page by two queries. The page is found by ids, so that only the index is read of the employees before it.
 * `offset 0` makes the planner look up each id. It would otherwise read a small table whole, and a prepared statement would
 * go on with that plan while the table grows. The outer join gives the total even where the page is empty: one row of nulls.
 */
function withTotal(order: EmployeeOrder, { total, ids }: { total: string; ids: string }): string {
  return `
    select t.total, e.id, e.position_value, e.employee
    from (${total}) t (total)
    left join (
      select e.*
      from (${ids}) p
      cross join lateral (select ${selected(order)}${order.by === 'id' ? '' : `, ${order.by}`} from employees where id = p.id offset 0) e
    ) e on true
    order by ${orderBy(order, 'e')}`;
}

const COUNT_ALL = 'select cast(coalesce(sum(employees), 0) as bigint) from employee_counts';

function countUpTo(found: string): string {
  return `select count(*) from (${found} limit :countRows) counted`;
}

/** @param table has the columns of the order: `employees`, or what was found of them. */
function idsOfPage({ order, after }: EmployeeQuery, table: string, matching: string): string {
  const condition = allOf([matching, after === undefined ? '' : isAfter(order)]);
  return idsInOrder(order, { table, condition, range: 'limit :rows offset :offset' });
}

type IdRange = { table: string; condition: string; range: string };

function idsInOrder(order: EmployeeOrder, { table, condition, range }: IdRange): string {
  return `
    select id from ${table}
    where ${allOf([condition])}
    order by ${orderBy(order, table)} ${range}`;
}

/** The same for all employees in order of id, beginning with the block in which the page begins. */
function idsFromBlock({ descending }: EmployeeOrder, rows: number): string {
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
    order by id ${direction} limit ${rows} offset (select skipped from start)`;
}

function selected(order: EmployeeOrder): string {
  return `id, ${positionValue(order)} as position_value, ${EMPLOYEE_JSON} as employee`;
}

/** The bindings of every statement here. */
export function pageBindings(
  { filter, after, offset, limit }: EmployeeQuery,
  lookup: IndexLookup = BY_TERM,
  ranges: SearchRanges = NO_RANGES,
) {
  const rows = limit + 1;
  return {
    ...filterBindings(filter, lookup, ranges),
    ...positionBindings(after),
    rows,
    offset,
    nearRows: Math.max(NEAR_ROWS, NEAR_FACTOR * (offset + rows)),
    countRows: COUNT_MAX + 1,
  };
}
