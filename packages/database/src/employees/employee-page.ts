import { statementBuilder } from '../connection/query.ts';
import {
  type EmployeeOrder,
  type EmployeePosition,
  isAfter,
  orderBy,
  positionBindings,
  positionValue,
} from './employee-order.ts';
import { EMPLOYEE_COLUMNS } from './employee-record.ts';
import { allOf, type EmployeeFilter, filterBindings, matches } from './employee-search.ts';
import { BY_TERM, type IndexLookup } from './index-lookup.ts';

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

/** A page without a search term, and the total, in one round trip. */
export const FIND_PAGE = statementBuilder((query: EmployeeQuery) => {
  const isWhole = query.filter.company === undefined;
  const isFar = isWhole && query.order.by === 'id' && query.after === undefined && query.offset >= FAR_OFFSET;
  return withTotal(query.order, {
    total: isWhole ? COUNT_ALL : countUpTo(matches(query.filter)),
    ids: isFar ? idsFromBlock(query.order) : idsInOrder(query, 'employees', matches(query.filter)),
  });
});

/** The page, as far as it is found among the employees that the list begins with. */
export const FIND_NEAR = statementBuilder(
  ({ filter, order, after }: EmployeeQuery) => `
    select ${selected(order)} from (
      select * from employees
      where ${allOf([matches({ ...filter, searchTerm: undefined }), after === undefined ? '' : isAfter(order)])}
      order by ${orderBy(order, 'employees')} limit :nearRows
    ) e
    where ${matches({ ...filter, company: undefined })}
    order by ${orderBy(order, 'e')} limit :rows offset :offset`,
);

/**
 * The page and the total from all that match. `materialized` hides the order and the limit from the planner, which would
 * walk an index over the whole table for them.
 */
export const FIND_AMONG_ALL = statementBuilder((query: EmployeeQuery, lookup: IndexLookup) => {
  const columns = query.order.by === 'id' ? 'id' : `id, ${query.order.by}`;
  return `
    with found as materialized (select ${columns} from employees where ${matches(query.filter, lookup)})
    ${withTotal(query.order, {
      total: 'select count(*) from (select from found limit :countRows) counted',
      ids: idsInOrder(query, 'found', ''),
    })}`;
});

export const COUNT_MATCHES = statementBuilder(({ filter }: EmployeeQuery, lookup: IndexLookup) =>
  countUpTo(matches(filter, lookup)),
);

/**
 * A total and a page by two queries. The page is found by ids, so that only the index is read of the employees before it. The
 * outer join gives the total even where the page is empty: one row of nulls.
 */
function withTotal(order: EmployeeOrder, { total, ids }: { total: string; ids: string }): string {
  return `
    select t.total, e.*
    from (${total}) t (total)
    left join (select ${selected(order)} from employees where id in (${ids})) e on true
    order by ${orderBy(order, 'e')}`;
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

/** The bindings of every statement here. */
export function pageBindings({ filter, after, offset, limit }: EmployeeQuery, lookup: IndexLookup = BY_TERM) {
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
