import { SEARCHED_COLUMNS } from '@rowferry/roster';
import { BY_TERM, type IndexLookup } from './index-lookup.ts';
import { NO_RANGES, type SearchRanges } from './search-ranges.ts';

/** Which employees are meant. */
export type EmployeeFilter = {
  /** Occurs in the name or the e-mail address, whatever its case. */
  searchTerm: string | undefined;
  /** Is the name of the company, letter for letter. */
  company: string | undefined;
};

/** The term's key means nothing else: `J` stands for several characters, `4` for what is put between name and address. */
const IS_CLEAR = `search_key(:searchTerm) !~ '[J4]'`;

/**
 * The condition that `:searchTerm` occurs, for a scan of employees. The key has ASCII letters and digits for every
 * character, so that a trigram index helps from three characters on, and nothing in it is a wildcard. Where the term is not
 * clear, the values themselves are looked at. For all others the planner finds the second half to be true and leaves it out.
 * `strpos` and not `ilike`: of that the planner believes that it leaves next to nothing.
 */
const MATCHES_TERM = `
  ${hasKey(BY_TERM)}
  and (
    ${IS_CLEAR}
    or ${SEARCHED_COLUMNS.map(contains).join(' or ')}
  )`;

function contains(column: string): string {
  const folded = (text: string) => `replace(lower(${text}), 'ς', 'σ')`;
  return `strpos(${folded(column)}, ${folded(':searchTerm')}) > 0`;
}

/** That the term's key occurs, said so that the index is asked for what the lookup says. */
function hasKey(lookup: IndexLookup): string {
  switch (lookup.by) {
    case 'term':
      return `search_key like '%' || search_key(:searchTerm) || '%'`;
    case 'trigrams':
      return [...lookup.trigrams.map(hasTrigram), 'strpos(search_key, search_key(:searchTerm)) > 0'].join(' and ');
    case 'pair':
      // A letter or digit follows it, or nothing does. The first takes all trigrams that begin with the pair at once.
      return `(search_key ~ (search_key(:searchTerm) || '[a-zA-Z0-9]') or search_key like '%' || search_key(:searchTerm))`;
  }
}

function hasTrigram(_trigram: string, index: number): string {
  return `search_key like '%' || :trigram${index} || '%'`;
}

const IS_IN_COMPANY = 'company_name = :company';

/**
 * A condition for `where`, which looks at each employee; true for all when nothing is asked for. Takes the bindings of
 * `filterBindings`.
 */
export function matches({ searchTerm, company }: EmployeeFilter): string {
  return allOf([searchTerm === undefined ? '' : MATCHES_TERM, company === undefined ? '' : IS_IN_COMPANY]);
}

/**
 * A query for all that match, by the search index. `columns` are of employees, and `id` is one of them.
 *
 * A range knows its employees as they were when it was built. What has changed since is in `employee_search_changes`, and
 * overrules it.
 */
export function findMatching(
  columns: readonly string[],
  { company }: EmployeeFilter,
  lookup: IndexLookup,
  { tableNumbers }: SearchRanges,
): string {
  const isIndexed = tableNumbers.length > 0;
  // Employees first, then ranges in their order: whoever empties employees or replaces ranges locks them in the same order.
  const found = [
    `select id from employees where ${allOf([isIndexed ? 'id > :lastId' : '', hasKey(lookup)])}`,
    ...tableNumbers.map((number) => inRange(number, lookup)),
    ...(isIndexed
      ? [`select employee_id from employee_search_changes where employee_id <= :lastId and ${hasKey(lookup)}`]
      : []),
  ].join(' union all ');
  const isMeant = `(${IS_CLEAR} or exists (
    select from employees e where e.id = found.id and (${SEARCHED_COLUMNS.map(contains).join(' or ')})
  ))`;
  const ids = `select id from (${found}) found (id) where ${isMeant}`;
  if (company === undefined && columns.length === 1) return ids;
  return `select ${columns.join(', ')} from employees where ${allOf([`id in (${ids})`, company === undefined ? '' : IS_IN_COMPANY])}`;
}

function inRange(number: number, lookup: IndexLookup): string {
  return `
    select employee_id from employee_search_${number} r
    where ${hasKey(lookup)}
      and not exists (select from employee_search_changes c where c.employee_id = r.employee_id)`;
}

export function filterBindings(
  { searchTerm, company }: EmployeeFilter,
  lookup: IndexLookup = BY_TERM,
  { lastId }: SearchRanges = NO_RANGES,
) {
  const trigrams = lookup.by === 'trigrams' ? lookup.trigrams : [];
  return {
    searchTerm: searchTerm ?? null,
    company: company ?? null,
    lastId,
    ...Object.fromEntries(trigrams.map((trigram, index) => [`trigram${index}`, trigram])),
  };
}

/** All conditions at once; empty ones hold for everything. */
export function allOf(conditions: readonly string[]): string {
  const asked = conditions.filter((condition) => condition !== '');
  return asked.length === 0 ? 'true' : asked.join(' and ');
}
