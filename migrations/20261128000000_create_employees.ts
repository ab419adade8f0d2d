import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw('create extension if not exists pg_trgm');
  await createEmployees(knex);
  await createEmployeeCounts(knex);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('drop table employees, employee_counts');
  await knex.raw('drop function search_key, count_employees, clear_employee_counts');
}

async function createEmployees(knex: Knex): Promise<void> {
  await knex.raw(
    `create function search_key(value text) returns text language sql immutable strict parallel safe
     return ${SEARCH_KEY}`,
  );
  // Columns of a fixed width and the searched one come first: so a scan for a term of one or two characters, which no
  // trigram index helps, takes a fifth less time (docs/decisions/0007-employee-list.md).
  //
  // autovacuum_vacuum_cost_delay: while autovacuum merges the pending list of the search index, no writer can. At its
  // default pace, with pauses most of the time, that takes several seconds for each 4 MB. Meanwhile the list grows by ten
  // times as much, and every search has to read it (docs/decisions/0011-search-index-maintenance.md).
  await knex.raw(`
    create table employees (
      id bigint generated always as identity primary key,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now(),
      -- The version that wrote this employee: only a larger one may overwrite it. received_at is that of the upload.
      received_at timestamptz not null,
      upload_id uuid not null,
      line integer not null,
      search_key text not null generated always as (search_key(employee_name || chr(31) || email)) stored,
      employee_name text not null,
      company_name text not null,
      mobile_no text,
      email text not null,
      -- Hash of the other values before that upload; 0 or null: there was no such employee.
      content_before bigint,
      -- The name before that upload; null where it is the same, or where there was no such employee.
      name_before text,
      -- With the id, a far page of a list in this order is found in the index alone.
      constraint employees_email_key unique (email) include (id)
    ) with (autovacuum_vacuum_cost_delay = 0)`);
  await knex.raw('create index employees_search on employees using gin (search_key gin_trgm_ops)');
  // For lists in these orders; the second also for the employees of one company.
  await knex.raw('create index employees_by_name on employees (employee_name, id)');
  await knex.raw('create index employees_by_company on employees (company_name, id)');
  await knex.raw('create index employees_by_creation on employees (created_at, id)');
}

/**
 * How many employees there are in each block of 65,536 ids, kept in the transaction that adds or removes them, whoever
 * does: for exact totals and far pages without a scan of the table. Shards as in upload_counts.
 */
async function createEmployeeCounts(knex: Knex): Promise<void> {
  await knex.raw(`
    create table employee_counts (
      id_block bigint not null,
      shard smallint not null,
      employees bigint not null,
      primary key (id_block, shard)
    ) with (fillfactor = 50)`);
  await knex.raw(`
    create function count_employees() returns trigger language plpgsql set search_path from current as $$
    begin
      insert into employee_counts as c (id_block, shard, employees)
      select id / 65536, pg_backend_pid() % 8, case tg_op when 'INSERT' then count(*) else -count(*) end
      from changed group by 1 order by 1
      on conflict (id_block, shard) do update set employees = c.employees + excluded.employees;
      return null;
    end $$`);
  await knex.raw(`
    create function clear_employee_counts() returns trigger language plpgsql set search_path from current as $$
    begin
      truncate employee_counts;
      return null;
    end $$`);
  await knex.raw(`
    create trigger employees_added after insert on employees
      referencing new table as changed for each statement execute function count_employees()`);
  await knex.raw(`
    create trigger employees_removed after delete on employees
      referencing old table as changed for each statement execute function count_employees()`);
  await knex.raw(`
    create trigger employees_truncated after truncate on employees
      for each statement execute function clear_employee_counts()`);
}

/** Not `translate`, which takes several times as long as all of these. */
function replaceEach(expression: string, replacements: readonly (readonly [string, string])[]): string {
  return replacements.reduce((inner, [from, to]) => `replace(${inner}, ${from}, ${to})`, expression);
}

function eachOf(characters: string, replacements: string): (readonly [string, string])[] {
  return [...characters].map((character, index) => [`'${character}'`, `'${replacements.charAt(index)}'`] as const);
}

// Both small sigmas have the same capital; the key has the first.
const WITHOUT_DIGITS = replaceEach('lower(value)', eachOf('ς0123456789', 'σILMNOPRSTU'));
// knex would take a question mark for a binding.
const WITHOUT_SIGNS = String.raw`regexp_replace(${WITHOUT_DIGITS}, '[\x01-\x1e!-,/:-\x3f\[-\x60{-\x7f]', 'J', 'g')`;
/** A byte beyond ASCII as a backslash and three octal digits, of which the first is a 2 or a 3. */
const IN_ASCII = `encode(cast(${WITHOUT_SIGNS} as bytea), 'escape')`;
/**
 * What is searched: one word of ASCII letters and digits, in lower case where it was letters. pg_trgm has no trigrams across
 * the ends of words, and in a database whose LC_CTYPE is C (also under the built-in C.UTF-8) none with letters beyond ASCII.
 *
 * The search index does not tell capitals from small letters. With a capital for a space, "Gomez Ana" would have a `zq` for
 * the index, which would then not help a search for "zq". So in the key a small letter is itself, and
 *
 * - 0 to 4 are frequent characters that are no letters: space, `.`, `@`, `-`, and the end of the name;
 * - 6 or 7 and two capitals of A to H are a byte of a character beyond ASCII;
 * - a capital of I to U is a digit. All these capitals are frequent letters: a rare letter, of which few employees have a
 *   pair, stands only for itself;
 * - `5J` is any other character of ASCII. Of these two and whatever follows them, the index has trigrams.
 *
 * Two different texts can have the same key where it has a 4 or a J, so these must be compared as they are (packages/database/src/employees/employee-search.ts).
 */
const SEARCH_KEY = replaceEach(IN_ASCII, [
  ...eachOf('01234567', 'ABCDEFGH'),
  [`chr(92) || 'D'`, `'6'`],
  [`chr(92) || 'C'`, `'7'`],
  ...eachOf(' .@-', '0123'),
  ['chr(31)', `'4'`],
  [`'J'`, `'5J'`],
]);
