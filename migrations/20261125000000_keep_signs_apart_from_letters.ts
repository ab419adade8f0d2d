import type { Knex } from 'knex';

/**
 * The search index does not tell capitals from small letters. With a capital for a space, "Gomez Ana" had a `zq` as far as
 * the index knew, and so it was no help to whoever looked for one. In the key a small letter is itself, and
 *
 * - 0 to 4 are what is frequent and no letter: space, `.`, `@`, `-`, and the end of the name;
 * - 6 or 7 and two capitals of A to H are a byte of what is beyond ASCII;
 * - a capital of I to U is a digit. All these capitals are letters that are frequent anyway: the rare ones, of which few
 *   employees have a pair, keep to themselves;
 * - `5J` is any other character of ASCII. Of these two and whatever follows them, the index has trigrams.
 *
 * 4 and J may mean something else, and must be compared as they are (packages/database/src/employees/employee-search.ts).
 */
export async function up(knex: Knex): Promise<void> {
  await replaceSearchKey(knex, SEARCH_KEY);
}

export async function down(knex: Knex): Promise<void> {
  await replaceSearchKey(knex, SEARCH_KEY_BEFORE);
}

async function replaceSearchKey(knex: Knex, expression: string): Promise<void> {
  await knex.raw(
    `create or replace function search_key(value text) returns text language sql immutable strict parallel safe
     return ${expression}`,
  );
  // An index is sooner made than kept up with every key of the table.
  await knex.raw('drop index employees_search');
  // What is generated is made anew only where what it is made of is written: `set search_key = default` does nothing.
  await knex.raw('update employees set email = email');
  await knex.raw('create index employees_search on employees using gin (search_key gin_trgm_ops)');
}

/** Not `translate`, which takes several times as long as all of these. */
function replaceEach(expression: string, replacements: readonly (readonly [string, string])[]): string {
  return replacements.reduce((inner, [from, to]) => `replace(${inner}, ${from}, ${to})`, expression);
}

function eachOf(characters: string, replacements: string): (readonly [string, string])[] {
  return [...characters].map((character, index) => [`'${character}'`, `'${replacements.charAt(index)}'`] as const);
}

// The capital of both sigmas is one, which becomes the first.
const WITHOUT_DIGITS = replaceEach('lower(value)', eachOf('ς0123456789', 'σILMNOPRSTU'));
// A question mark would be a binding of knex's.
const WITHOUT_SIGNS = String.raw`regexp_replace(${WITHOUT_DIGITS}, '[\x01-\x1e!-,/:-\x3f\[-\x60{-\x7f]', 'J', 'g')`;
/** A byte beyond ASCII as a backslash and three octal digits, of which the first is a 2 or a 3. */
const IN_ASCII = `encode(cast(${WITHOUT_SIGNS} as bytea), 'escape')`;
const SEARCH_KEY = replaceEach(IN_ASCII, [
  ...eachOf('01234567', 'ABCDEFGH'),
  [`chr(92) || 'D'`, `'6'`],
  [`chr(92) || 'C'`, `'7'`],
  ...eachOf(' .@-', '0123'),
  ['chr(31)', `'4'`],
  [`'J'`, `'5J'`],
]);

/** As 20261122000000_create_schema.ts makes it. */
const SEARCH_KEY_BEFORE = String.raw`replace(replace(
  encode(
    cast(
      regexp_replace(
        replace(replace(replace(replace(replace(lower(value), ' ', 'Q'), '.', 'X'), '@', 'Z'), '-', 'V'), chr(31), 'Y'),
        '[\x01-/:-@\[-\x60{-\x7f]', 'J', 'g') as bytea),
    'escape'),
  chr(92) || '3', 'R'), chr(92) || '2', 'S')`;
