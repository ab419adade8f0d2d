import { SEARCHED_COLUMNS } from '@rowferry/roster';
import { BY_TERM, type IndexLookup } from './index-lookup.ts';

/** Which employees are meant. */
export type EmployeeFilter = {
  /** Occurs in the name or the e-mail address, whatever its case. */
  searchTerm: string | undefined;
  /** Is the name of the company, letter for letter. */
  company: string | undefined;
};

/**
 * The condition that `:searchTerm` occurs. The key has ASCII letters and digits for every character, so that whatever the
 * term is the trigram index helps from three characters on, and nothing in it is a wildcard. Where the term's key could
 * also mean something else, the values themselves are looked at: `J` stands for several characters, `4` for what is put
 * between name and address. For all other terms the planner finds the second half to be true and leaves it out. `strpos`
 * and not `ilike`: of that the planner believes that it leaves next to nothing.
 */
const matchesTerm = (lookup: IndexLookup) => `
  ${hasKey(lookup)}
  and (
    search_key(:searchTerm) !~ '[J4]'
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

/** A condition for `where`; true for all when nothing is asked for. Takes the bindings of `filterBindings`. */
export function matches({ searchTerm, company }: EmployeeFilter, lookup: IndexLookup = BY_TERM): string {
  return allOf([searchTerm === undefined ? '' : matchesTerm(lookup), company === undefined ? '' : IS_IN_COMPANY]);
}

export function filterBindings({ searchTerm, company }: EmployeeFilter, lookup: IndexLookup = BY_TERM) {
  const trigrams = lookup.by === 'trigrams' ? lookup.trigrams : [];
  return {
    searchTerm: searchTerm ?? null,
    company: company ?? null,
    ...Object.fromEntries(trigrams.map((trigram, index) => [`trigram${index}`, trigram])),
  };
}

/** All conditions at once; empty ones hold for everything. */
export function allOf(conditions: readonly string[]): string {
  const asked = conditions.filter((condition) => condition !== '');
  return asked.length === 0 ? 'true' : asked.join(' and ');
}
