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
 * also mean something else, the values themselves are looked at: `J` stands for several characters, `Y` for what is put
 * between name and address, and digits are also those of bytes beyond ASCII. For all other terms the planner finds the
 * second half to be true and leaves it out. `strpos` and not `ilike`: of that the planner believes that it leaves next to
 * nothing.
 */
const matchesTerm = (trigrams: readonly string[]) => `
  ${trigrams.length === 0 ? `search_key like '%' || search_key(:searchTerm) || '%'` : hasTrigrams(trigrams)}
  and (
    search_key(:searchTerm) !~ '[JY0-7]'
    or strpos(lower(employee_name), lower(:searchTerm)) > 0
    or strpos(lower(email), lower(:searchTerm)) > 0
  )`;

/** Asks the index for these and no others; the whole term is looked for in what it finds. */
function hasTrigrams(trigrams: readonly string[]): string {
  const each = trigrams.map((_, index) => `search_key like '%' || :trigram${index} || '%'`);
  return [...each, 'strpos(search_key, search_key(:searchTerm)) > 0'].join(' and ');
}

const IS_IN_COMPANY = 'company_name = :company';

/**
 * A condition for `where`; true for all when nothing is asked for. Takes the bindings of `filterBindings`.
 *
 * @param trigrams some that the term's search key has, for the index to be asked for instead of all that it has.
 */
export function matches({ searchTerm, company }: EmployeeFilter, trigrams: readonly string[] = []): string {
  return allOf([searchTerm === undefined ? '' : matchesTerm(trigrams), company === undefined ? '' : IS_IN_COMPANY]);
}

export function filterBindings({ searchTerm, company }: EmployeeFilter, trigrams: readonly string[] = []) {
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
